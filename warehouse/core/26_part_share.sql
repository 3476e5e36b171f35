-- core.part_share: one row per new unit, part that was divided on the way to it, and indicator (NULL:
-- all others) that a share is known for: the product of the shares on the way, the ways added up.
create table core.part_share as
with recursive edge as (
    select distinct predecessor, successor, effective_on, number > 1 as divided
    from (
        select effective_on, successor, len(list_distinct(successors)) as number, unnest(predecessors) as predecessor
        from (
            select effective_on, successors, predecessors, unnest(successors) as successor
            from core.unit_event
        )
    )
    where predecessor <> successor
),

topic as (
    select null::varchar as indicator
    union
    select indicator from core.allocation
),

share as (
    select
        edge.predecessor,
        edge.successor,
        edge.effective_on,
        topic.indicator,
        case when edge.divided then coalesce(special.share, general.share) else 1 end::decimal(7, 6) as share,
        case
            when edge.divided then case when special.share is not null then special.basis else general.basis end
        end as basis
    from edge
    cross join topic
    left join core.allocation as special
        on
            special.predecessor = edge.predecessor
            and special.successor = edge.successor
            and special.indicator = topic.indicator
    left join core.allocation as general
        on
            general.predecessor = edge.predecessor
            and general.successor = edge.successor
            and general.indicator is null
),

target as (
    select distinct unit from core.lineage where not whole
),

way as (
    select
        target.unit, target.unit as part, topic.indicator, '9999-12-31'::date as effective_on,
        1::decimal(7, 6) as share, null::varchar as basis
    from target
    cross join topic
    union all
    select
        way.unit,
        share.predecessor as part,
        way.indicator,
        share.effective_on,
        (way.share * share.share)::decimal(7, 6) as share,
        case when way.basis is null then share.basis else concat_ws('; ', share.basis, way.basis) end as basis
    from way
    join share
        on
            share.successor = way.part
            and share.indicator is not distinct from way.indicator
            and share.effective_on < way.effective_on
    where share.predecessor <> way.unit
)

select
    way.unit, -- slug of the new unit
    way.part, -- slug of the part that was divided
    way.indicator, -- id in the catalogue; NULL: of all without a share of their own
    sum(way.share)::decimal(7, 6) as share, -- of the part's figures, what is the new unit's, 0..1
    string_agg(distinct way.basis, '; ' order by way.basis) as basis -- what it rests on
from way
join core.lineage on lineage.unit = way.unit and lineage.part = way.part and not lineage.whole
group by way.unit, way.part, way.indicator
-- A way without a stated share leaves the whole unknown; more than all of it is nobody's share.
having count(way.share) = count(*) and sum(way.share) <= 1
order by all;
