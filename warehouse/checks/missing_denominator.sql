-- check: missing-denominator
-- grain: one row per rate that every former unit gave something of, but some not numerator or denominator
-- severity: soft
with lacking as (
    select
        consolidated.unit, consolidated.indicator, consolidated.as_of, operand.part,
        bool_or(operand.measure = 'denominator') as has_denominator,
        bool_or(operand.measure = 'numerator') as has_numerator
    from marts.consolidated
    join operand using (unit, indicator, as_of)
    where consolidated.status in ('missing-denominator', 'missing-numerator')
    group by consolidated.unit, consolidated.indicator, consolidated.as_of, operand.part
),

told as (
    select *, 'missing-denominator' as code from lacking where not has_denominator
    union all
    select *, 'missing-numerator' as code
    from lacking
    where has_denominator and not has_numerator
)

select
    told.code,
    told.unit,
    told.indicator,
    told.as_of,
    map {
        'label': any_value(indicator.name),
        'missing': string_agg(unit.type || ' ' || unit.name, ', ' order by unit.name, unit.unit)
    } as facts
from told
join core.indicator using (indicator)
join core.unit on unit.unit = told.part
group by told.code, told.unit, told.indicator, told.as_of
order by all
