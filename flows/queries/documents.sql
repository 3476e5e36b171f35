-- One row per received document.
select document, file_name
from raw.document
order by file_name, document
