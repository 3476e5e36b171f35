-- One row per received document.
select
    document.document, document.file_name, document.kind, document.number, document.issued_on,
    unit.type || ' ' || unit.name as unit_name
from raw.document
left join core.unit on unit.unit = document.unit
order by document.file_name, document.document
