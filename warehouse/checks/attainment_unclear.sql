-- check: attainment-unclear
-- grain: one row per result of an attainment that is neither 0 nor 100
-- severity: soft
select
    observation.observation,
    map {'label': indicator.name, 'text': observation.text} as facts
from core.observation
join core.indicator using (indicator)
where
    indicator.roll_up = 'attainment'
    and observation.measure = 'result'
    and observation.status in ('accepted', 'corrected')
    and observation.comparable_value not in (0, 100)
order by all
