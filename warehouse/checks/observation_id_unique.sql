-- check: observation-id-unique
-- grain: one row per observation id that stands twice
-- severity: hard
select observation, count(*) as number
from core.observation
group by observation
having count(*) > 1
order by all
