-- check: finding-code-known
-- grain: one row per finding whose code the catalogue does not know
-- severity: hard
select code, count(*) as number
from core.finding
where code is null or code not in (select code from core.finding_kind)
group by code
order by all
