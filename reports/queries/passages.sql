-- One row per merged paragraph of the unit's report.
select
    narrative.path,
    narrative.heading,
    narrative.ordinal,
    narrative.text,
    narrative.origin,
    narrative.origins
from marts.narrative
where narrative.unit = $unit and narrative.report = $report
order by narrative.path, narrative.ordinal, narrative.text
