-- One row per open finding, what blocks issuing first.
select
    finding.code,
    finding.severity,
    finding.blocking,
    finding.message,
    finding.file_name,
    finding.page,
    finding."table",
    finding."row",
    finding."column",
    finding.text,
    finding.unit,
    finding.indicator
from core.finding
order by
    finding.blocking desc,
    list_position(['error', 'warning', 'info'], finding.severity),
    finding.file_name nulls first,
    finding.page nulls first,
    finding."table" nulls first,
    finding."row" nulls first,
    finding."column" nulls first,
    finding.code,
    finding.indicator nulls first,
    finding.message
