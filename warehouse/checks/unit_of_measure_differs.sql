-- check: unit-of-measure-differs
-- grain: one row per figure whose unit of measure cannot be converted into the indicator's
-- severity: soft
select
    observation.observation,
    map {
        'label': indicator.name,
        'found': observation.unit_of_measure,
        'expected': method.unit_of_measure
    } as facts
from core.observation
join core.indicator using (indicator)
join method using (indicator, measure)
where observation.status_reason = 'unit-of-measure'
order by all
