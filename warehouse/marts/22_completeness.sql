-- marts.completeness: one row per (former unit, indicator, as_of): whether it reported what others did, or what a report asks for on the latest day.
create table marts.completeness as
with sole as (
    select indicator, max(report) as report
    from core.report_row
    where indicator is not null
    group by indicator
    having count(distinct report) = 1
),

-- A report is asked for where an indicator is reported that no other report has.
report_asked as (
    select distinct latest.unit, latest.as_of, sole.report
    from latest
    join operand using (unit, as_of)
    join sole using (indicator)
),

asked as (
    select distinct unit, indicator, as_of from operand where not own
    union
    select report_asked.unit, report_row.indicator, report_asked.as_of
    from report_asked
    join core.report_row using (report)
    where report_row.indicator is not null
),

measured as (
    select unit, indicator, as_of, list_sort(list(distinct measure)) as measures
    from operand
    group by unit, indicator, as_of
),

given as (
    select
        unit, part, indicator, as_of,
        bool_or(conflicting) as conflicting,
        list_sort(list(measure)) as measures
    from operand
    group by unit, part, indicator, as_of
)

select
    part_on.part as unit, -- slug of the former unit
    asked.unit as new_unit, -- slug of the new unit that it became part of
    asked.indicator, -- id in the catalogue
    asked.as_of, -- day of the figures
    given.part is not null as reported, -- it reported a figure
    given.part is null as missing, -- it reported none
    coalesce(given.conflicting, false) as conflicting, -- its own sources disagree
    coalesce(given.measures, []) as measures, -- what it reported
    list_filter(
        coalesce(measured.measures, []), lambda measure: not list_contains(coalesce(given.measures, []), measure)
    ) as measures_missing -- what another former unit reported and it did not
from asked
join part_on on part_on.unit = asked.unit and part_on.as_of = asked.as_of
left join measured
    on measured.unit = asked.unit and measured.indicator = asked.indicator and measured.as_of = asked.as_of
left join given
    on
        given.unit = asked.unit
        and given.part = part_on.part
        and given.indicator = asked.indicator
        and given.as_of = asked.as_of
order by part_on.part, asked.unit, asked.indicator, asked.as_of;
