-- check: rate-mismatch
-- grain: one row per printed rate that its numerator and denominator in the same table or paragraph do not give
-- severity: soft
with figure as (
    select
        *,
        core.millionths(comparable_value) as millionths,
        core.last_place(decimals) as place,
        case when kind = 'table' then "table" else "row" end as part
    from core.observation
    where
        measure in ('numerator', 'denominator', 'result')
        and comparable_value is not null
        and not approximate
),

compared as (
    select
        rate.*,
        numerator.comparable_value as numerator,
        denominator.comparable_value as denominator,
        core.ratio(numerator.millionths, denominator.millionths, method.per) as computed,
        denominator.millionths <> 0
        and (
            rate.millionths
            = core.quotient(numerator.millionths * (1000000 * method.per)::hugeint, denominator.millionths * rate.place) * rate.place
            or rate.millionths
            = (numerator.millionths * (1000000 * method.per)::hugeint // (denominator.millionths * rate.place)) * rate.place
        ) as fits
    from figure as rate
    join figure as numerator using (document, kind, part, unit, indicator, as_of)
    join figure as denominator using (document, kind, part, unit, indicator, as_of)
    join method on method.indicator = rate.indicator and method.measure = 'result'
    where
        rate.measure = 'result'
        and numerator.measure = 'numerator'
        and denominator.measure = 'denominator'
        and method.method = 'ratio-of-sums'
        and not (numerator.millionths = 0 and denominator.millionths = 0)
),

mismatched as (
    select
        observation,
        bool_or(fits) as fits,
        min(numerator) as numerator,
        min(denominator) as denominator,
        min(computed) as computed
    from compared
    group by observation
)

select
    observation.observation,
    map {
        'label': indicator.name,
        'numerator': core.vietnamese_exact(mismatched.numerator),
        'denominator': core.vietnamese_exact(mismatched.denominator),
        'computed': core.vietnamese(mismatched.computed, greatest(observation.decimals, 2)),
        'printed': core.vietnamese_exact(observation.comparable_value)
    } as facts
from mismatched
join core.observation using (observation)
join core.indicator using (indicator)
where not mismatched.fits
order by all
