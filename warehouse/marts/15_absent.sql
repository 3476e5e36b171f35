-- temp.latest: one row per new unit: the latest day that its former units report on. The day that a
-- document gives as its own goes before one that a single figure is of.
create temp table latest as
select
    unit,
    coalesce(
        max(as_of) filter (
            (part, as_of) in (
                select (document.unit, document.as_of)
                from raw.document
                where document.unit is not null and document.as_of is not null
            )
        ),
        max(as_of)
    ) as as_of
from operand
where measure <> 'target' and not own
group by unit;

-- temp.absent: one row per former unit that sent no document and whose figures of the latest day
-- nobody else reports either.
create temp table absent as
select latest.unit, latest.as_of, part_on.part
from latest
join part_on using (unit, as_of)
anti join operand
    on operand.unit = part_on.unit and operand.part = part_on.part and operand.as_of = part_on.as_of
where part_on.part not in (select document.unit from raw.document where document.unit is not null);
