-- One row per operand of a consolidated figure of the unit, in the order of the figures' keys.
with stated as (
    select document, list(json_extract_string(line, '$.about')) as about
    from core.decision
    where kind = 'document' and status = 'applied'
    group by document
)

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
    nullif(
        concat_ws(
            ', ',
            case when list_contains(stated.about, 'unit') and observation.unit = document.unit then 'unit' end,
            case when list_contains(stated.about, 'as_of') and observation.as_of = document.as_of then 'as_of' end
        ),
        ''
    ) as restated,
    observation.as_of,
    lineage.share,
    lineage.basis
from marts.lineage
join core.observation using (observation)
join raw.document on document.document = lineage.document
left join stated on stated.document = lineage.document
where lineage.unit = $unit
order by lineage.key, lineage.part, lineage.operand_measure, lineage.observation
