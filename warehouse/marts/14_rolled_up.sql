-- temp.rolled_up: one row per (new unit, indicator, as_of, measure): the value by the indicator's rule,
-- or why there is none and what bounds it.
create temp table rolled_up as
with counted as (
    select tally.*, method.* exclude (indicator, measure)
    from tally
    join method using (indicator, measure)
    where method.method <> 'ratio-of-sums'
),

judged as (
    select
        *,
        known = parts_expected as complete,
        not coalesce(least < 0, false) and coalesce(minimum, 0) >= 0 as non_negative,
        -- One part is no roll-up: its figure is the new unit's, whatever the rule.
        parts_expected = 1 and all_whole and known = 1 as alone
    from counted
),

summed as (
    select
        unit, indicator, as_of, measure, unit_of_measure, method, parts_expected, parts_reported,
        case when complete and all_allocated then try_cast(total as decimal(24, 6)) end as value,
        case when non_negative then try_cast(coalesce(allocated_total, 0) as decimal(24, 6)) end as lower,
        case when non_negative and complete then try_cast(total as decimal(24, 6)) end as upper,
        case when alone then '' else terms || ' = ' end
        || core.with_unit(core.vietnamese_exact(try_cast(total as decimal(24, 6))), unit_of_measure) as equation,
        case
            when conflicting then 'conflicting'
            when not complete then 'incomplete'
            when not all_allocated then 'not-allocated'
            when try_cast(total as decimal(24, 6)) is null then 'out-of-range'
            else 'complete'
        end as status
    from judged
    where method = 'sum'
),

attained as (
    select
        unit, indicator, as_of, measure, unit_of_measure, method, parts_expected, parts_reported,
        case
            when complete and unclear = 0 and all_whole
                then core.ratio(attained, parts_expected, 100)
        end as value,
        case when all_whole then core.ratio(attained, parts_expected, 100) end as lower,
        case
            when all_whole
                then core.ratio(attained + unclear + parts_expected - known, parts_expected, 100)
        end as upper,
        attained || '/' || parts_expected || ' xã cũ' as equation,
        case
            when conflicting then 'conflicting'
            when not complete then 'incomplete'
            when unclear > 0 then 'attainment-unclear'
            when not all_whole then 'not-allocated'
            else 'complete'
        end as status
    from judged
    where method = 'attainment'
),

agreed as (
    select
        unit, indicator, as_of, measure, unit_of_measure, method, parts_expected, parts_reported,
        case when complete and least = greatest then least end as value,
        least as lower,
        greatest as upper,
        core.with_unit(core.vietnamese_exact(least), unit_of_measure)
        || case
            when parts_expected > 1 then ' (' || parts_expected || '/' || parts_expected || ' xã cũ)'
            else ''
        end as equation,
        case
            when conflicting then 'conflicting'
            when least <> greatest then 'targets-differ'
            when not complete then 'incomplete'
            else 'complete'
        end as status
    from judged
    where method = 'agree'
),

lowest as (
    select
        unit, indicator, as_of, measure, unit_of_measure, method, parts_expected, parts_reported,
        case when complete and all_whole then least end as value,
        null::decimal(24, 6) as lower,
        least as upper,
        case
            when alone then core.with_unit(core.vietnamese_exact(least), unit_of_measure)
            else
                'thấp nhất của (' || replace(terms, ' + ', '; ') || ') = '
                || core.with_unit(core.vietnamese_exact(least), unit_of_measure)
        end as equation,
        case
            when conflicting then 'conflicting'
            when not complete then 'incomplete'
            when not all_whole then 'not-allocated'
            else 'complete'
        end as status
    from judged
    where method = 'lowest'
),

weighed as (
    select
        judged.unit, indicator, as_of, measure, unit_of_measure, method, parts_expected, parts_reported,
        case
            when alone then greatest
            when complete and all_whole and weights = parts_expected and products = weights
                then weighted.value
        end as value,
        case when complete and all_whole and weighted.non_negative then least end as lower,
        case when complete and all_whole and weighted.non_negative then greatest end as upper,
        case
            when alone then core.with_unit(core.vietnamese_exact(greatest), unit_of_measure)
            else
                '(' || product_terms || ') / (' || weight_terms || ') = '
                || core.with_unit(core.vietnamese(weighted.value, precision), unit_of_measure)
        end as equation,
        case
            when alone then 'complete'
            when conflicting then 'conflicting'
            when not has_weight then 'not-additive'
            when not complete then 'incomplete'
            when not all_whole then 'not-allocated'
            when weights < parts_expected then 'missing-weight'
            when weighted.weight = 0 then 'zero-denominator'
            when weighted.value is null or products < weights then 'out-of-range'
            else 'complete'
        end as status
    from judged
    join weighted using (unit, indicator, as_of, measure)
    where method = 'weighted-average'
),

refused as (
    select
        unit, indicator, as_of, measure, unit_of_measure, method, parts_expected, parts_reported,
        case when alone then greatest end as value,
        null::decimal(24, 6) as lower,
        null::decimal(24, 6) as upper,
        core.with_unit(core.vietnamese_exact(greatest), unit_of_measure) as equation,
        case when alone then 'complete' else 'not-additive' end as status
    from judged
    where method in ('none', 'union', 'recompute')
),

divided as (
    select
        ratio.unit, ratio.indicator, ratio.as_of, method.measure, method.unit_of_measure, method.method,
        ratio.parts_expected, ratio.parts_reported, ratio.value, ratio.lower, ratio.upper,
        case
            when pooled and ratio.parts_expected = 1 and not shared then numerator_terms || ' / ' || denominator_terms || ' = '
            when pooled then '(' || numerator_terms || ') / (' || denominator_terms || ') = '
            else ''
        end
        || core.with_unit(core.vietnamese(ratio.value, method.precision), method.unit_of_measure) as equation,
        case
            when ratio.status = 'complete' and ratio.value is null then 'out-of-range'
            else ratio.status
        end as status
    from ratio
    join method on method.indicator = ratio.indicator and method.measure = 'result'
)

select * from summed
union all
select * from attained
union all
select * from agreed
union all
select * from lowest
union all
select * from weighed
union all
select * from refused
union all
select * from divided;
