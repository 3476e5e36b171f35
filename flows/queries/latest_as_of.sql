-- The day that a report on a unit shows if nobody says: the latest that a former unit's document
-- gives as its own and has figures of the report for; if none gives one, the latest figure's.
with figure as (
    select observation.as_of, observation.as_of = document.as_of as is_the_documents_own
    from core.observation
    join raw.document on document.document = observation.document
    join core.lineage on lineage.unit = $unit and lineage.part = observation.unit
    join core.report_row on report_row.report = $report and report_row.indicator = observation.indicator
    where observation.measure <> 'target' and observation.status not in ('unmatched', 'rejected')
)

select coalesce(max(as_of) filter (is_the_documents_own), max(as_of)) as as_of
from figure
