-- check: incomplete
-- grain: one row per (new unit, indicator, as_of) that a former unit gave no figure for, though it sent documents
-- severity: soft
with lacking as (
    select new_unit as unit, indicator, as_of, unit as part
    from marts.completeness
    where
        missing
        -- What is recomputed from levels needs no percentage of the parts.
        and (new_unit, indicator, as_of) not in (
            select (unit, indicator, as_of)
            from marts.consolidated
            where method = 'recompute' and value is not null
        )
    union
    -- Numerator and denominator are told by the finding on their rate, where there is one.
    select consolidated.unit, consolidated.indicator, consolidated.as_of, part_on.part
    from marts.consolidated
    join part_on using (unit, as_of)
    anti join operand
        on
            operand.unit = consolidated.unit
            and operand.indicator = consolidated.indicator
            and operand.as_of = consolidated.as_of
            and operand.measure = consolidated.measure
            and operand.part = part_on.part
    where
        consolidated.status = 'incomplete'
        and consolidated.method <> 'ratio-of-sums'
        and not (
            consolidated.measure in ('numerator', 'denominator')
            and (consolidated.unit, consolidated.indicator, consolidated.as_of)
            in (select (unit, indicator, as_of) from ratio)
        )
        -- A number without its total says no more where the rate is there.
        and not (
            consolidated.measure = 'count'
            and (consolidated.unit, consolidated.indicator, consolidated.as_of)
            in (select (unit, indicator, as_of) from ratio where value is not null)
        )
)

select
    lacking.unit,
    lacking.indicator,
    lacking.as_of,
    map {
        'label': any_value(indicator.name),
        'missing': string_agg(unit.type || ' ' || unit.name, ', ' order by unit.name, unit.unit)
    } as facts
from lacking
join core.indicator using (indicator)
join core.unit on unit.unit = lacking.part
where lacking.part not in (select absent.part from absent)
group by lacking.unit, lacking.indicator, lacking.as_of
order by all
