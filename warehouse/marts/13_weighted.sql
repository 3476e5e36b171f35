-- temp.weighted: one row per (new unit, indicator, as_of, measure) of an average: weighted by the
-- count that the catalogue names.
create temp table weight as
select unit, indicator, as_of, part, measure, value, observation
from operand
where
    indicator in (select weight from method)
    and measure in ('count', 'result')
    and value is not null
qualify row_number() over (partition by unit, indicator, as_of, part order by measure) = 1;

create temp table weighted as
with paired as (
    select
        operand.*,
        method.weight as weight_indicator,
        core.millionths(weight.value) as weight,
        try(core.millionths(operand.value) * core.millionths(weight.value)) as product
    from operand
    join method using (indicator, measure)
    left join weight
        on
            weight.unit = operand.unit
            and weight.indicator = method.weight
            and weight.as_of = operand.as_of
            and weight.part = operand.part
    where method.method = 'weighted-average'
),

summed as (
    select
        unit, indicator, as_of, measure,
        count(weight) as weights,
        count(product) as products,
        bool_or(weight_indicator is not null) as has_weight,
        bool_and(coalesce(weight >= 0, true)) as non_negative,
        sum(weight) as weight,
        sum(product) as product,
        core.joined(
            list({
                'at': part,
                'what': core.operand(value) || ' × ' || core.operand(core.from_millionths(weight))
            }),
            ' + '
        ) as product_terms,
        core.joined(
            list({'at': part, 'what': core.operand(core.from_millionths(weight))}), ' + '
        ) as weight_terms
    from paired
    group by unit, indicator, as_of, measure
)

select *, core.from_millionths(core.quotient(product, weight)) as value
from summed;
