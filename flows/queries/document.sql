-- The documents of a sha256, or of a file name, with what decides of whom and when their figures are.
select
    document.*,
    (select count(*) from core.observation where observation.document = document.document) as figures
from raw.document
where document.document = $key or document.file_name = $key
order by document.file_name, document.document
