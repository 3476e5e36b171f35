-- The consolidated figure of a key, with its names: one row, or none.
select
    consolidated.*,
    unit.type || ' ' || unit.name as unit_name,
    indicator.name as indicator_name
from marts.consolidated
left join core.unit on unit.unit = consolidated.unit
left join core.indicator on indicator.indicator = consolidated.indicator
where consolidated.key = $key
