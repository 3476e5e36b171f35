-- One row per operand of the consolidated figures of a unit, with its place.
select
    lineage.key, lineage.part, lineage.operand_indicator, lineage.operand_measure, lineage.value,
    lineage.observation, lineage.document, lineage.file_name,
    lineage.page, lineage."table", lineage."row", lineage."column", lineage.text,
    lineage.share, lineage.basis, lineage.allocated,
    coalesce(unit.type || ' ' || unit.name, lineage.part) as unit_name,
    indicator.name as indicator_name,
    lineage.unit_of_measure, observation.as_of as own_day
from marts.lineage
left join core.unit on unit.unit = lineage.part
left join core.indicator on indicator.indicator = lineage.operand_indicator
left join core.observation on observation.observation = lineage.observation
where lineage.unit = $unit
order by lineage.key, lineage.part, lineage.operand_measure desc, lineage.observation
