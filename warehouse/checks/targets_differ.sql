-- check: targets-differ
-- grain: one row per target that the former units do not share
-- severity: soft
select
    consolidated.unit,
    consolidated.indicator,
    consolidated.as_of,
    consolidated.measure,
    map {
        'label': any_value(indicator.name),
        'values': string_agg(unit.name || ' ' || core.vietnamese_exact(operand.value), '; ' order by unit.name, unit.unit)
    } as facts
from marts.consolidated
join operand using (unit, indicator, as_of, measure)
join core.indicator using (indicator)
join core.unit on unit.unit = operand.part
where consolidated.status = 'targets-differ'
group by consolidated.unit, consolidated.indicator, consolidated.as_of, consolidated.measure
order by all
