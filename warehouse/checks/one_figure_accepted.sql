-- check: one-figure-accepted
-- grain: one row per (unit, indicator, as_of, measure) with two accepted figures, or an accepted one beside a conflict
-- severity: hard
select unit, indicator, as_of, measure, list_sort(list(status)) as statuses
from core.observation
where status in ('accepted', 'corrected', 'conflicting')
group by unit, indicator, as_of, measure
having
    count(*) filter (status <> 'conflicting') > 1
    or count(distinct status = 'conflicting') > 1
    or (count(*) = 1 and bool_or(status = 'conflicting'))
order by all
