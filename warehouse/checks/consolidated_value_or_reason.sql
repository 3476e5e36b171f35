-- check: consolidated-value-or-reason
-- grain: one row per consolidated figure with neither a value nor a reason why not, or with bounds or counts that cannot be
-- severity: hard
select key, value, lower, upper, equation, status, parts_reported, parts_expected
from marts.consolidated
where
    (value is null) <> (status <> 'complete')
    or (value is null) <> (equation is null)
    or lower > upper
    or (value is not null and (lower is not null or upper is not null))
    or parts_reported > parts_expected
    or (value is not null and parts_reported < parts_expected)
order by all
