-- check: duplicate-document
-- grain: one row per file with the unit, number and date of another one
-- severity: soft
select
    document.document,
    document.unit,
    map {'first': first.file_name} as facts
from raw.document
join raw.document as first on first.document = document.same_document
where document.document <> document.same_document
order by all
