-- raw.cell: one row per table cell as it stands on the page, with its place.
create table raw.cell as
select
    document, -- sha256 of the document
    page::integer as page, -- 1-based; NULL where the format has no pages
    "table"::integer as "table", -- 0-based, in document order
    "row"::integer as "row", -- 0-based, in the table's own grid
    "column"::integer as "column", -- 0-based, in the grid
    row_span::integer as row_span, -- rows that the cell covers
    column_span::integer as column_span, -- columns that the cell covers
    text, -- as it stands there, Unicode NFC
    original, -- before conversion from a legacy encoding, where it differed
    value, -- exact number that the format itself stores (spreadsheets), as text
    hidden, -- in a hidden row, column or sheet
    confidence, -- how surely the characters were read, 0..1
    sheet, -- sheet of a spreadsheet
    case when x0 is not null then [x0, top, x1, bottom] end as bbox -- x0, top, x1, bottom in points, for PDFs
from frame_cell
order by document, "table", "row", "column";
