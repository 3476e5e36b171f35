-- core.lineage: one row per new commune that exists today and span of a unit that it came from, through all events.
--
-- The parts of a new unit on a day are those of its lineage that were valid on that day or, for a
-- later day (a target's), on the last day before the new unit began: see core.parts_on.
--
-- temp.span: one row per unit and span in which nothing was added to it or taken from it: a part transfer
-- cuts the units that go on in two.
create temp table change as
select distinct kind, effective_on, predecessor, unnest(successors) as successor
from (select kind, effective_on, successors, unnest(predecessors) as predecessor from core.unit_event);

create temp table span as
with ended as (
    select predecessor as unit, min(effective_on) - 1 as last_day
    from change
    where
        kind <> 'part-transfer'
        and predecessor <> successor
        and predecessor not in (select predecessor from change where predecessor = successor)
    group by predecessor
),

lived as (
    select
        unit.unit,
        coalesce(unit.valid_from, '0001-01-01'::date) as from_day,
        coalesce(unit.valid_to, ended.last_day)::date as to_day
    from core.unit
    left join ended using (unit)
),

start as (
    select unit, from_day from lived
    union
    select lived.unit, change.effective_on
    from lived
    join change
        on
            change.kind = 'part-transfer'
            and change.predecessor <> change.successor
            and lived.unit in (change.predecessor, change.successor)
            and change.effective_on > lived.from_day
            and change.effective_on <= coalesce(lived.to_day, '9999-12-31'::date)
)

select
    start.unit,
    start.from_day,
    coalesce(lead(start.from_day) over whole - 1, lived.to_day)::date as to_day,
    row_number() over whole = 1 as is_first,
    lead(start.from_day) over whole is null as is_last
from start
join lived using (unit)
window whole as (partition by start.unit order by start.from_day);

-- temp.edge: one row per span of a unit and span that figures of it go to; divided: some of them only.
create temp table edge as
with step as (
    select
        change.predecessor,
        (
            select max(span.from_day)
            from span
            where span.unit = change.predecessor and span.from_day < change.effective_on
        ) as predecessor_from,
        change.successor,
        (
            select max(span.from_day)
            from span
            where span.unit = change.successor and span.from_day <= change.effective_on
        ) as successor_from,
        change.effective_on
    from change
    where change.predecessor <> change.successor
    union
    select before.unit, before.from_day, before.unit, after.from_day, after.from_day
    from span as before
    join span as after on after.unit = before.unit and after.from_day = before.to_day + 1
)

select *, count(*) over (partition by predecessor, predecessor_from) > 1 as divided
from step;

create table core.lineage as
with recursive new_unit as (
    select
        unit.unit,
        max(span.from_day) as from_day,
        max(edge.effective_on) filter (span.is_first) - 1 as last_day
    from core.unit
    join span using (unit)
    join edge on edge.successor = span.unit and edge.successor_from = span.from_day
    where unit.valid_to is null and unit.type in ('xã', 'phường', 'thị trấn', 'đặc khu')
    group by unit.unit
),

descent as (
    select unit, unit as part, from_day as part_from
    from new_unit
    union
    select descent.unit, edge.predecessor, edge.predecessor_from
    from descent
    join edge on edge.successor = descent.part and edge.successor_from = descent.part_from
),

-- A part is not whole where something of it leads out of the lineage, at once or later on.
lost as (
    select descent.unit, descent.part, descent.part_from
    from descent
    join edge on edge.predecessor = descent.part and edge.predecessor_from = descent.part_from
    anti join descent as also
        on
            also.unit = descent.unit
            and also.part = edge.successor
            and also.part_from = edge.successor_from
    union
    select lost.unit, edge.predecessor, edge.predecessor_from
    from lost
    join edge on edge.successor = lost.part and edge.successor_from = lost.part_from
)

select
    descent.unit, -- slug of a unit that exists today and came from others, or gave or took a part
    descent.part, -- slug of a unit that it came from, itself included
    nullif(span.from_day, '0001-01-01'::date) as valid_from, -- first day of the part's span; NULL: since before our records
    span.to_day as valid_to, -- last day of the part's span; NULL: still
    new_unit.last_day::date as last_day, -- last day before the new unit began; NULL: it was there before, and parts were transferred
    lost.part is null as whole -- false where an event on the way divided the part: its figures are not all the new unit's
from descent
join new_unit using (unit)
join span on span.unit = descent.part and span.from_day = descent.part_from
left join lost
    on
        lost.unit = descent.unit
        and lost.part = descent.part
        and lost.part_from = descent.part_from
order by descent.unit, descent.part, valid_from nulls first;

-- The parts whose figures of a day make up the new unit's.
create macro core.parts_on(new_unit, day) as table
select part, whole
from core.lineage
where
    unit = new_unit
    and least(day::date, last_day) >= coalesce(valid_from, '0001-01-01'::date)
    and least(day::date, last_day) <= coalesce(valid_to, '9999-12-31'::date)
order by part;
