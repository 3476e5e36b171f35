-- One row per former unit and indicator that is asked for: what it reported.
select
    completeness.unit,
    completeness.indicator,
    completeness.as_of,
    case
        when completeness.missing then 'missing'
        when completeness.conflicting then 'conflicting'
        else 'reported'
    end as status,
    completeness.measures_missing
from marts.completeness
where completeness.new_unit = $unit
order by completeness.unit, completeness.indicator, completeness.as_of
