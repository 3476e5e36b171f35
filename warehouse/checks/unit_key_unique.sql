-- check: unit-key-unique
-- grain: one row per (code, valid_from) that two units have
-- severity: hard
select code, valid_from, list(unit order by unit) as units
from core.unit
where code is not null
group by code, valid_from
having count(*) > 1
order by all
