-- check: consolidated-key-unique
-- grain: one row per consolidated figure that stands twice
-- severity: hard
select key, count(*) as number
from marts.consolidated
group by key
having count(*) > 1
order by all
