-- core.directive: one row per document that cites a legal or administrative document, and the cited one.
create table core.directive as
select
    document, -- sha256 of the citing document
    kind, -- Quyết định, Kế hoạch, Công văn
    number, -- số, ký hiệu
    issued_on::date as issued_on, -- day of issue
    issuer, -- who issued it
    title, -- trích yếu
    page::integer as page, -- 1-based; NULL where the format has no pages
    "table"::integer as "table", -- 0-based, in document order
    "row"::integer as "row", -- 0-based; for text the paragraph's index
    "column"::integer as "column", -- 0-based
    text -- the cell or the sentence as it stands in the document
from frame_directive
order by document, "table" nulls first, "row", "column", kind, number;
