-- core.section: one row per paragraph of a section; a section without paragraphs is one row.
create table core.section as
select
    document, -- sha256 of the document
    from_json(path, '["VARCHAR"]') as path, -- outline marks, outermost first
    heading, -- without its mark
    ordinal::integer as ordinal, -- place of the paragraph among the document's, from 0
    paragraph, -- its text; NULL for a section without paragraphs
    "row"::integer as "row" -- the paragraph's index in the document
from frame_section
order by document, ordinal;
