-- core.numeral: one row per numeral that stands in a document, with what became of it.
create table core.numeral as
with numeral as (
    select
        *,
        row_number() over () as number,
        from_json(findings, '["INTEGER"]') as named_by
    from frame_numeral
),

-- The findings by their places among those of reading, which core.finding has under their ids.
found as (
    select
        document, code, message, page, "table", "row", "column", text,
        row_number() over () - 1 as place
    from frame_finding
),

named as (
    select number, unnest(named_by) as place
    from numeral
    where len(named_by) > 0
),

doubt as (
    select
        named.number,
        list(distinct finding.finding order by finding.finding) as findings,
        list(distinct finding.code order by finding.code) as codes
    from named
    join found using (place)
    join core.finding as finding
        on
            finding.document = found.document
            and finding.code = found.code
            and finding.message = found.message
            and finding.page is not distinct from found.page
            and finding."table" is not distinct from found."table"
            and finding."row" is not distinct from found."row"
            and finding."column" is not distinct from found."column"
            and finding.text is not distinct from found.text
    group by named.number
)

select
    numeral.document, -- sha256 of the document
    numeral.kind, -- table or text
    numeral.page::integer as page, -- 1-based; NULL where the format has no pages
    numeral."table"::integer as "table", -- 0-based, in document order
    numeral."row"::integer as "row", -- 0-based; for text the paragraph's index
    numeral."column"::integer as "column", -- 0-based
    numeral.text, -- the cell or the sentence as it stands in the document
    numeral.start::integer as start, -- where in that text the numeral begins, from 0
    numeral.numeral, -- as printed
    numeral.fate, -- figure, not-a-figure, doubt
    numeral.reason, -- why it is no figure: id in core.numeral_reason; NULL for the others
    from_json(numeral.observations, '["VARCHAR"]') as observations, -- ids of the figures that it became
    coalesce(doubt.findings, []) as findings, -- ids of the findings that name it
    coalesce(doubt.codes, []) as codes, -- their codes
    case when numeral.x0 is not null then [numeral.x0, numeral.top, numeral.x1, numeral.bottom] end as bbox -- x0, top, x1, bottom in points, for PDFs
from numeral
left join doubt using (number)
order by numeral.document, numeral."table" nulls first, numeral."row", numeral."column", numeral.number;
