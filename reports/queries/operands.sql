-- One row per operand of a consolidated figure of the unit, in the order of the figures' keys.
select
    lineage.key as figure,
    lineage.observation,
    lineage.part,
    lineage.operand_indicator as indicator,
    lineage.operand_measure as measure,
    lineage.value,
    lineage.status,
    lineage.unit_of_measure,
    observation.estimated,
    observation.approximate,
    lineage.file_name,
    document.number,
    lineage.page,
    lineage."table",
    lineage."row",
    lineage."column",
    lineage.text,
    observation.as_of,
    lineage.share,
    lineage.basis
from marts.lineage
join core.observation using (observation)
join raw.document on document.document = lineage.document
where lineage.unit = $unit
order by lineage.key, lineage.part, lineage.operand_measure, lineage.observation
