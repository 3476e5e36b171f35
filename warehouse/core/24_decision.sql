-- core.decision: one row per human decision, and whether it still holds.
create table core.decision as
with seen as (
    select
        frame_decision.*,
        frame_observation.observation is not null as is_there,
        core.exact(frame_observation.value) as value_found,
        row_number() over (
            partition by frame_decision.observation, frame_decision.ruled is null, frame_decision.kind = 'accept'
            order by decided_at desc, decision desc
        ) as newest
    from frame_decision
    left join frame_observation using (observation)
)

select
    decision, -- id
    decided_at::timestamptz as decided_at, -- when
    decided_by, -- who
    reason, -- why
    kind, -- wording, settle (choose this figure), correct its value, reject it, accept findings, allocate a divided unit, state a document's unit, day or draft, confirm what is gone, withdraw a decision
    document, -- sha256 of the document that was looked at
    observation, -- figure that it is about
    label, -- wording that it teaches
    indicator, -- what the wording stands for
    expected, -- value that was seen when deciding, as text; of a document in words
    value::decimal(24, 6) as value, -- value that a correction puts in its place
    from_json(others, '[{"observation": "VARCHAR", "value": "DECIMAL(24,6)"}]') as others, -- figures that it was chosen over, as they were seen
    from_json(findings, '["VARCHAR"]') as findings, -- findings that it accepts
    case
        when ruled is not null then ruled
        when kind = 'accept' then 'applied'
        when kind not in ('settle', 'correct', 'reject') then 'void'
        when newest > 1 then 'replaced'
        when not is_there or value_found is distinct from try_cast(expected as decimal(24, 6)) then 'void'
        when kind = 'correct' and value is null then 'void'
        else 'applied'
    end as status, -- applied; unused: nothing to apply it to; replaced by a newer one; withdrawn; void: not what was seen
    found, -- what a void decision on a wording or a document meets
    line -- the decision as it stands in the log
from seen
order by decided_at, decision;
