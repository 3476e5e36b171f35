-- One row per consolidated figure of a unit, with its names, as it is frozen when a report is issued.
select
    consolidated.key, consolidated.indicator, consolidated.as_of, consolidated.measure,
    consolidated.value, consolidated.lower, consolidated.upper, consolidated.unit_of_measure,
    consolidated.method, consolidated.equation, consolidated.status,
    consolidated.parts_expected, consolidated.parts_reported,
    unit.type || ' ' || unit.name as unit_name,
    indicator.name as indicator_name
from marts.consolidated
left join core.unit on unit.unit = consolidated.unit
left join core.indicator on indicator.indicator = consolidated.indicator
where consolidated.unit = $unit
order by consolidated.key
