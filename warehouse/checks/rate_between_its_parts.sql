-- check: rate-between-its-parts
-- grain: one row per pooled rate outside of its former units' rates
-- severity: hard
with part as (
    select
        key, part,
        max(allocated) filter (operand_measure = 'numerator') as numerator,
        max(allocated) filter (operand_measure = 'denominator') as denominator,
        bool_and(value >= 0) as non_negative
    from marts.lineage
    where operand_measure in ('numerator', 'denominator')
    group by key, part
),

rated as (
    select
        consolidated.key, consolidated.value, part.non_negative,
        core.ratio(
            core.millionths(part.numerator), core.millionths(part.denominator),
            case when contains(consolidated.unit_of_measure, '%') then 100 else 1 end
        ) as rate
    from marts.consolidated
    join part using (key)
    where
        consolidated.method = 'ratio-of-sums'
        and consolidated.value is not null
        and consolidated.parts_expected > 1
)

select key, value, min(rate) as least, max(rate) as greatest
from rated
group by key, value
-- A numerator over nobody has no rate, and is its own finding.
having
    bool_and(non_negative) and count(rate) = count(*)
    and value not between min(rate) and max(rate)
order by all
