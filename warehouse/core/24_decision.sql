-- core.decision: one row per human decision, and whether it still holds.
create table core.decision as
with seen as (
    select
        frame_decision.*,
        frame_observation.value as found,
        row_number() over (
            partition by frame_decision.observation order by decided_at desc, decision desc
        ) as newest
    from frame_decision
    left join frame_observation using (observation)
)

select
    decision, -- id
    decided_at::timestamptz as decided_at, -- when
    decided_by, -- who
    reason, -- why
    kind, -- settle a conflict for this figure, correct its value, reject it
    observation, -- figure that it is about
    expected, -- value that was seen when deciding, as text
    value::decimal(24, 6) as value, -- value that a correction puts in its place
    case
        when kind not in ('settle', 'correct', 'reject') then 'void'
        when found is null or core.exact(found) is distinct from try_cast(expected as decimal(24, 6)) then 'void'
        when kind = 'correct' and value is null then 'void'
        when newest > 1 then 'replaced'
        else 'applied'
    end as status -- applied; replaced by a newer one on the same figure; void: the figure is not what was seen
from seen
order by decided_at, decision;
