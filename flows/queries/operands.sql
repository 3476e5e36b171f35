-- One row per operand of a consolidated figure, with its place.
select
    lineage.*,
    coalesce(unit.type || ' ' || unit.name, lineage.part) as unit_name,
    indicator.name as indicator_name,
    observation.as_of as own_day
from marts.lineage
left join core.unit on unit.unit = lineage.part
left join core.indicator on indicator.indicator = lineage.operand_indicator
left join core.observation on observation.observation = lineage.observation
where lineage.key = $key
order by lineage.part, lineage.operand_measure desc, lineage.observation
