-- core.unit_event: one row per merger, split, part transfer, renaming or change of code.
create table core.unit_event as
select
    event, -- id
    kind, -- merger, split, part-transfer, renaming, code-change
    effective_on::date as effective_on, -- first day of the successors
    from_json(predecessors, '["VARCHAR"]') as predecessors, -- slugs of the units before
    from_json(successors, '["VARCHAR"]') as successors, -- slugs of the units after
    legal_basis, -- document that orders it
    source, -- where this was read
    certainty -- V read, V2 read in a secondary source, I inferred, NV not verified
from frame_unit_event
order by effective_on, event;
