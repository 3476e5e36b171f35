-- check: out-of-range
-- grain: one row per figure outside of what the catalogue holds plausible
-- severity: soft
select
    observation.observation,
    map {
        'label': indicator.name,
        'value': core.vietnamese_exact(observation.comparable_value),
        'minimum': coalesce(core.vietnamese_exact(indicator.minimum), '-∞'),
        'maximum': coalesce(core.vietnamese_exact(indicator.maximum), '+∞')
    } as facts
from core.observation
join core.indicator using (indicator)
where
    observation.status in ('accepted', 'corrected', 'conflicting')
    and (
        observation.measure in ('result', 'target')
        or (observation.measure = 'count' and indicator.kind not in ('rate', 'attainment'))
    )
    and (
        observation.comparable_value < indicator.minimum
        or observation.comparable_value > indicator.maximum
    )
order by all
