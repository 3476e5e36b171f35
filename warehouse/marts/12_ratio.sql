-- temp.ratio: one row per (new unit, indicator, as_of) of a rate: sum of numerators / sum of denominators.
create temp table ratio as
with part as (
    select
        unit, indicator, as_of, part, per, maximum, parts_expected, all_whole, all_allocated,
        max(share) as share,
        max(given) filter (measure = 'numerator') as given_numerator,
        max(given) filter (measure = 'denominator') as given_denominator,
        core.millionths(max(value) filter (measure = 'numerator')) as numerator,
        core.millionths(max(value) filter (measure = 'denominator')) as denominator,
        max(value) filter (measure = 'result') as result,
        bool_or(conflicting) as conflicting
    from operand
    join (
        select indicator, per, maximum
        from method
        where method = 'ratio-of-sums' and measure = 'result'
    ) using (indicator)
    where measure in ('numerator', 'denominator', 'result')
    group by unit, indicator, as_of, part, per, maximum, parts_expected, all_whole, all_allocated
),

rated as (
    select
        *,
        numerator is not null and denominator is not null as complete,
        case
            when numerator is not null and denominator is not null
                then core.ratio(numerator, denominator, per)
            else result
        end as rate
    from part
),

summed as (
    select
        unit, indicator, as_of, per, parts_expected, all_whole, all_allocated,
        bool_or(share is not null) as shared,
        count(*) as parts_reported,
        count(*) filter (complete) as complete,
        count(denominator) as denominators,
        bool_or(conflicting and not complete) as conflicting,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        coalesce(sum(denominator) filter (numerator is null), 0) as open_denominator,
        core.joined(
            list({'at': part, 'what': core.term(given_numerator, share)}), ' + '
        ) as numerator_terms,
        core.joined(
            list({'at': part, 'what': core.term(given_denominator, share)}), ' + '
        ) as denominator_terms,
        max(rate) as greatest,
        min(rate) as least,
        -- A part without anybody in its denominator weighs nothing and needs no rate.
        count(*) filter (rate is not null or (complete and denominator = 0)) as rates,
        bool_and(coalesce(numerator >= 0, true) and coalesce(denominator >= 0, true)) as non_negative,
        -- A numerator is part of its denominator only in a percentage that cannot pass 100.
        bool_and(coalesce(numerator <= denominator, true)) and per = 100 and coalesce(max(maximum), 100) <= 100 as within,
        max(result) as only_result,
        bool_or(result is not null) or count(*) filter (complete) > 0 as asked
    from rated
    group by unit, indicator, as_of, per, parts_expected, all_whole, all_allocated
)

select
    unit, indicator, as_of, parts_expected, parts_reported, shared,
    case
        when complete = parts_expected and all_allocated
            then core.ratio(numerator, denominator, per)
        when parts_expected = 1 and all_whole then only_result
    end as value,
    complete = parts_expected as pooled,
    case when complete = parts_expected and all_allocated then numerator end as numerator,
    case when complete = parts_expected and all_allocated then denominator end as denominator,
    case
        when all_whole then greatest(
            case when denominators = parts_expected and non_negative and within
                then core.ratio(numerator, denominator, per) end,
            case when rates = parts_expected and non_negative then least end
        )
    end as lower,
    case
        when all_whole then least(
            case when denominators = parts_expected and non_negative and within
                then core.ratio(coalesce(numerator, 0) + open_denominator, denominator, per) end,
            case when rates = parts_expected and non_negative then greatest end
        )
    end as upper,
    numerator_terms,
    denominator_terms,
    case
        when not all_allocated then 'not-allocated'
        when complete = parts_expected
            then case when denominator = 0 then 'zero-denominator' else 'complete' end
        when conflicting then 'conflicting'
        when parts_expected = 1 and only_result is not null then 'complete'
        when parts_reported < parts_expected then 'incomplete'
        when denominators < parts_expected then 'missing-denominator'
        else 'missing-numerator'
    end as status
from summed
where asked;
