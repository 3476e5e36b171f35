-- One row per consolidated figure of the unit, in the order of the report's annex, then the others.
with place as (
    select indicator, min(ordinal) as ordinal
    from core.report_row
    where report = $report and indicator is not null
    group by indicator
)

select
    consolidated.key,
    consolidated.indicator,
    consolidated.as_of,
    consolidated.measure,
    consolidated.value,
    consolidated.unit_of_measure,
    consolidated.method,
    consolidated.lower,
    consolidated.upper,
    consolidated.parts_expected,
    consolidated.parts_reported,
    consolidated.equation,
    consolidated.status,
    consolidated.estimated,
    consolidated.approximate,
    consolidated.pooled_value,
    consolidated.pooled_status,
    consolidated.pooled_equation
from marts.consolidated
left join place using (indicator)
where consolidated.unit = $unit
order by
    place.ordinal nulls last,
    consolidated.indicator,
    consolidated.as_of,
    list_position(['target', 'numerator', 'denominator', 'result', 'count'], consolidated.measure)
