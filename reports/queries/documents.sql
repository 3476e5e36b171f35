-- One row per received document, by name.
select
    document.document,
    document.file_name,
    document.unit,
    document.kind,
    document.number,
    document.issued_on,
    document.as_of,
    document.title
from raw.document
order by document.file_name, document.document
