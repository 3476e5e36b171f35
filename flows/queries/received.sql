-- One row per received document that the warehouse was built from.
select document, file_name, unit
from raw.document
order by file_name, document
