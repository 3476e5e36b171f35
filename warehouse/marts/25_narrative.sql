-- marts.narrative: one row per merged paragraph of a new unit's report.
create table marts.narrative as
select
    unit, -- slug of the new unit
    report, -- id of the report
    from_json(path, '["VARCHAR"]') as path, -- outline marks of its heading, outermost first
    heading, -- without its mark
    ordinal::integer as ordinal, -- its place under the heading, from 0
    text, -- what the communes say, attributed; the report puts figures of several communes together
    origin, -- common to several former units, own to one, or of the template
    from_json(
        origins, '[{"document": "VARCHAR", "unit": "VARCHAR", "row": "INTEGER", "text": "VARCHAR"}]'
    ) as origins -- the paragraphs that it comes from
from frame_narrative
order by unit, report, ordinal, path, text;
