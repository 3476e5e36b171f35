-- check: count-differs
-- grain: one row per number given without its total that differs from the numerator given with it
-- severity: soft
select
    counted.observation,
    map {
        'label': indicator.name,
        'count': core.vietnamese_exact(counted.value),
        'numerator': core.vietnamese_exact(numerator.value)
    } as facts
from figure as counted
join figure as numerator using (unit, indicator, as_of)
join method on method.indicator = counted.indicator and method.measure = 'result'
join core.indicator on indicator.indicator = counted.indicator
where
    counted.measure = 'count'
    and numerator.measure = 'numerator'
    and method.method = 'ratio-of-sums'
    and counted.value <> numerator.value
    and not counted.approximate
order by all
