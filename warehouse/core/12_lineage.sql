-- core.lineage: one row per new commune that exists today and unit that it came from, through all events.
--
-- The parts of a new unit on a day are those of its lineage that were valid on that day or, for a
-- later day (a target's), on the last day before the new unit began: see core.parts_on.
create table core.lineage as
with recursive step as (
    select effective_on, predecessor, unnest(successors) as successor, number = 1 as whole
    from (
        select
            effective_on,
            successors,
            len(list_distinct(successors)) as number,
            unnest(predecessors) as predecessor
        from core.unit_event
    )
),

change as (
    select * from step where predecessor <> successor
),

new_unit as (
    select unit.unit, max(change.effective_on) - 1 as last_day
    from core.unit
    join change on change.successor = unit.unit
    where unit.valid_to is null and unit.type in ('xã', 'phường', 'thị trấn', 'đặc khu')
    group by unit.unit
),

descent as (
    select unit, unit as part, true as whole
    from new_unit
    union
    select descent.unit, change.predecessor, descent.whole and change.whole
    from descent
    join change on change.successor = descent.part
    where change.predecessor <> descent.unit
),

ended as (
    select predecessor as part, min(effective_on) - 1 as last_day
    from change
    where predecessor not in (select successor from step where step.predecessor = step.successor)
    group by predecessor
),

part as (
    select unit, part, bool_and(whole) as whole
    from descent
    group by unit, part
)

select
    part.unit, -- slug of a unit that exists today and came from others
    part.part, -- slug of a unit that it came from, itself included
    unit.valid_from, -- first day of the part; NULL: since before our records
    coalesce(unit.valid_to, ended.last_day)::date as valid_to, -- last day of the part; NULL: still
    new_unit.last_day::date as last_day, -- last day before the new unit was what it is
    part.whole -- false where an event on the way divided the part: its figures are not all the new unit's
from part
join new_unit using (unit)
join core.unit on unit.unit = part.part
left join ended on ended.part = part.part
order by part.unit, part.part;

-- The parts whose figures of a day make up the new unit's.
create macro core.parts_on(new_unit, day) as table
select part, whole
from core.lineage
where
    unit = new_unit
    and least(day::date, last_day) >= coalesce(valid_from, '0001-01-01'::date)
    and least(day::date, last_day) <= coalesce(valid_to, '9999-12-31'::date)
order by part;
