-- One row per consolidated figure of a unit on a day (and its targets), exact, as text.
select
    key,
    value::varchar as value,
    unit_of_measure,
    lower::varchar as lower,
    upper::varchar as upper,
    parts_reported || '/' || parts_expected as parts,
    status,
    equation
from marts.consolidated
where unit = $unit and (as_of = $as_of or measure = 'target')
order by key
