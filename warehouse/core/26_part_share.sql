-- core.part_share: one row per new unit, span of a part that was divided on the way to it, and indicator
-- (NULL: all others) that a share is known for: the product of the shares on the way, the ways added up.
create table core.part_share as
with recursive topic as (
    select null::varchar as indicator
    union
    select indicator from core.allocation
),

stated as (
    select
        edge.*,
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
            and special.effective_on = edge.effective_on
            and special.indicator = topic.indicator
    left join core.allocation as general
        on
            general.predecessor = edge.predecessor
            and general.successor = edge.successor
            and general.effective_on = edge.effective_on
            and general.indicator is null
),

-- What a unit that goes on has not given away it keeps.
share as (
    select
        * exclude (share, basis),
        case
            when share is null and predecessor = successor and count(share) over node = count(*) over node - 1
                then 1 - sum(share) over node
            else share
        end::decimal(7, 6) as share,
        case
            when share is null and predecessor = successor then min(basis) over node
            else basis
        end as basis
    from stated
    window node as (partition by predecessor, predecessor_from, indicator)
),

way as (
    select
        new_unit.unit, new_unit.unit as part, new_unit.from_day as part_from, topic.indicator,
        1::decimal(7, 6) as share, null::varchar as basis
    from (select distinct unit from core.lineage where not whole) as lacking
    join (select unit, max(from_day) as from_day from span group by unit) as new_unit using (unit)
    cross join topic
    union all
    select
        way.unit,
        share.predecessor as part,
        share.predecessor_from as part_from,
        way.indicator,
        (way.share * share.share)::decimal(7, 6) as share,
        case when way.basis is null then share.basis else concat_ws('; ', share.basis, way.basis) end as basis
    from way
    join share
        on
            share.successor = way.part
            and share.successor_from = way.part_from
            and share.indicator is not distinct from way.indicator
            and share.predecessor_from < way.part_from
)

select
    way.unit, -- slug of the new unit
    way.part, -- slug of the part that was divided
    lineage.valid_from, -- first day of the part's span; NULL: since before our records
    way.indicator, -- id in the catalogue; NULL: of all without a share of their own
    sum(way.share)::decimal(7, 6) as share, -- of the part's figures, what is the new unit's, 0..1
    string_agg(distinct way.basis, '; ' order by way.basis) as basis -- what it rests on
from way
join core.lineage
    on
        lineage.unit = way.unit
        and lineage.part = way.part
        and coalesce(lineage.valid_from, '0001-01-01'::date) = way.part_from
        and not lineage.whole
group by way.unit, way.part, lineage.valid_from, way.indicator
-- A way without a stated share leaves the whole unknown; more than all of it is nobody's share.
having count(way.share) = count(*) and sum(way.share) between 0 and 1
order by all;
