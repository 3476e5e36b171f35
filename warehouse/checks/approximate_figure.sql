-- check: approximate-figure
-- grain: one row per approximate figure that is used for want of an exact one
-- severity: soft
select
    observation.observation,
    map {'label': indicator.name, 'text': observation.text} as facts
from core.observation
join core.indicator using (indicator)
where observation.approximate and observation.status = 'accepted'
order by all
