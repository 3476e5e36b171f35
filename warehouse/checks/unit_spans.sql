-- check: unit-spans
-- grain: one row per two units of a new unit's lineage that make it up on the same day though one became the other
-- severity: hard
with step as (
    select unnest(predecessors) as predecessor, successors, effective_on
    from core.unit_event
    where kind <> 'part-transfer'
),

change as (
    select predecessor, unnest(successors) as successor, effective_on from step
)

select change.predecessor, change.successor, change.effective_on, before.valid_to, after.valid_from
from change
join core.unit as before on before.unit = change.predecessor
join core.unit as after on after.unit = change.successor
where
    change.predecessor <> change.successor
    and (before.valid_to >= change.effective_on or after.valid_from is distinct from change.effective_on)
order by all
