-- core.report_row: one row per row of a report's annex of indicators.
create table core.report_row as
select
    report, -- id of the report
    ordinal::integer as ordinal, -- its place, from 0
    mark, -- its number mark
    label, -- its wording in the report
    indicator -- its indicator; NULL for a group row
from frame_report_row
order by report, ordinal;
