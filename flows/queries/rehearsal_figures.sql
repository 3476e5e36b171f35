-- One row per consolidated figure of a unit, to be compared with another build's.
select
    consolidated.key, consolidated.value, consolidated.lower, consolidated.upper,
    consolidated.unit_of_measure, consolidated.equation, consolidated.status, consolidated.method,
    indicator.name as indicator_name
from marts.consolidated
left join core.indicator using (indicator)
where consolidated.unit = $unit
order by consolidated.key
