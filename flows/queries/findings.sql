-- One row per open finding, what blocks issuing first.
select
    code, severity, blocking, message, file_name, document,
    page, "table", "row", "column", text, unit, indicator
from core.finding
order by
    blocking desc, list_position(['error', 'warning', 'info'], severity),
    file_name nulls first, page nulls first, "table" nulls first, "row" nulls first,
    "column" nulls first, code, message
