-- One row per open finding, what blocks issuing first; notes only if they are asked for.
select
    code, severity, blocking, message, file_name, document,
    page, "table", "row", "column", text, unit, indicator
from core.finding
where severity <> 'info' or blocking or $notes
order by
    blocking desc, list_position(['error', 'warning', 'info'], severity),
    file_name nulls first, page nulls first, "table" nulls first, "row" nulls first,
    "column" nulls first, code, message
