-- temp.operand: one row per (new unit, part, indicator, as_of, measure) that the part reported: the
-- settled figure, NULL where its sources conflict.
-- A rate's whole may stand in a row of its own ('Tổng số hộ'): the catalogue says which count it is.
create temp table figure as
with settled as (
    select
        unit, indicator, as_of, measure, comparable_value as value,
        observation, approximate, estimated, false as conflicting
    from core.observation
    where status in ('accepted', 'corrected')
    union all
    select
        unit, indicator, as_of, measure, null as value,
        null as observation, false as approximate, false as estimated, true as conflicting
    from core.observation
    where status = 'conflicting'
    group by unit, indicator, as_of, measure
),

without_whole as (
    select settled.unit, settled.indicator, settled.as_of, any_value(entry.denominator_indicator) as whole
    from settled
    join core.indicator as entry on entry.indicator = settled.indicator
    where entry.kind = 'rate' and entry.denominator_indicator is not null
    group by settled.unit, settled.indicator, settled.as_of
    having
        bool_or(settled.measure in ('numerator', 'count'))
        and not bool_or(settled.measure = 'denominator')
),

whole as (
    select without_whole.unit, without_whole.indicator, without_whole.as_of, total.* exclude (unit, indicator, as_of)
    from without_whole
    join settled as total
        on
            total.unit = without_whole.unit
            and total.as_of = without_whole.as_of
            and total.indicator = without_whole.whole
            and total.measure = 'count'
)

select * from settled
union all by name
select * replace ('denominator' as measure) from whole
union all by name
select settled.* replace ('numerator' as measure)
from settled
join whole using (unit, indicator, as_of)
where
    settled.measure = 'count'
    and not exists (
        select 1
        from settled as own
        where
            own.unit = settled.unit
            and own.indicator = settled.indicator
            and own.as_of = settled.as_of
            and own.measure = 'numerator'
    );

create temp table part_on as
with asked as (
    select distinct lineage.unit, figure.as_of
    from (select distinct unit, as_of from figure) as figure
    join core.lineage on lineage.part = figure.unit
)

select
    asked.unit,
    asked.as_of,
    lineage.part,
    lineage.valid_from,
    lineage.whole,
    count(*) over every as parts_expected,
    bool_and(lineage.whole) over every as all_whole
from asked
join core.lineage
    on
        lineage.unit = asked.unit
        and least(asked.as_of, lineage.last_day) >= coalesce(lineage.valid_from, '0001-01-01'::date)
        and least(asked.as_of, lineage.last_day) <= coalesce(lineage.valid_to, '9999-12-31'::date)
window every as (partition by asked.unit, asked.as_of);

-- What a new unit reports of itself after its beginning: it may have given a part away since.
create temp table own_on as
select
    figure.unit,
    figure.as_of,
    lineage.part,
    lineage.valid_from,
    lineage.whole,
    1 as parts_expected,
    lineage.whole as all_whole
from (select distinct unit, as_of from figure) as figure
join core.lineage
    on
        lineage.unit = figure.unit
        and lineage.part = figure.unit
        and figure.as_of > lineage.last_day
        and figure.as_of >= lineage.valid_from
        and figure.as_of <= coalesce(lineage.valid_to, '9999-12-31'::date);

create temp table method as
select
    indicator,
    measure,
    precision,
    weight,
    maximum,
    minimum,
    case measure
        when 'numerator' then coalesce(numerator_unit_of_measure, '')
        when 'denominator' then coalesce(denominator_unit_of_measure, '')
        when 'count'
            then
                case
                    when kind in ('rate', 'attainment') then coalesce(numerator_unit_of_measure, '')
                    else unit_of_measure
                end
        else unit_of_measure
    end as unit_of_measure,
    case when contains(unit_of_measure, '%') then 100 else 1 end as per,
    case
        when measure = 'target' then case when roll_up = 'sum' then 'sum' else 'agree' end
        when roll_up in ('none', 'union') then 'none'
        when measure in ('numerator', 'denominator') then 'sum'
        when roll_up in ('ratio-of-sums', 'attainment') and measure = 'count' then 'sum'
        when roll_up = 'recompute'
            then
                case
                    when measure <> 'result' then 'none'
                    when kind = 'growth' then 'recompute' -- from levels: see temp.recomputed
                    else 'ratio-of-sums'
                end
        else roll_up
    end as method
from core.indicator
cross join unnest(['target', 'result', 'numerator', 'denominator', 'count']) as every (measure);

-- temp.divided: one row per (new unit, as_of, indicator) and part that an event divided: the share of
-- its figures that is the new unit's, NULL until somebody states one.
create temp table place_on as
select *, false as own from part_on
union all
select *, true as own from own_on;

create temp table divided as
select
    place.unit,
    place.as_of,
    place.own,
    asked.indicator,
    place.part,
    coalesce(special.share, general.share) as share,
    case when special.share is not null then special.basis else general.basis end as basis,
    bool_and(coalesce(special.share, general.share) is not null) over topic as all_allocated
from place_on as place
join (select distinct indicator, as_of from figure) as asked on asked.as_of = place.as_of
left join core.part_share as special
    on
        special.unit = place.unit
        and special.part = place.part
        and special.valid_from is not distinct from place.valid_from
        and special.indicator = asked.indicator
left join core.part_share as general
    on
        general.unit = place.unit
        and general.part = place.part
        and general.valid_from is not distinct from place.valid_from
        and general.indicator is null
where not place.whole
window topic as (partition by place.unit, place.as_of, place.own, asked.indicator);

create temp table operand as
with placed as (
    select
        place.unit, place.part, place.whole, place.parts_expected, place.all_whole, place.own,
        place.all_whole or coalesce(settled.all_allocated, false) as all_allocated,
        method.method = 'sum' as additive,
        case when additive then divided.share end as share,
        case when additive then divided.basis end as basis,
        figure.* exclude (unit, value),
        figure.value as given
    from figure
    join place_on as place on place.part = figure.unit and place.as_of = figure.as_of
    join method on method.indicator = figure.indicator and method.measure = figure.measure
    left join divided
        on
            divided.unit = place.unit
            and divided.as_of = place.as_of
            and divided.own = place.own
            and divided.indicator = figure.indicator
            and divided.part = place.part
    left join (
        select distinct unit, as_of, own, indicator, all_allocated
        from divided
    ) as settled
        on
            settled.unit = place.unit
            and settled.as_of = place.as_of
            and settled.own = place.own
            and settled.indicator = figure.indicator
),

former as (
    select * from placed where not own
)

-- Only what adds up is allocated: the share of a level, an average or an attainment says nothing.
select * exclude (additive), core.allocated(given, share) as value
from (
    select * from former
    union all
    -- What the new unit reports of itself after its beginning, where no former unit reported.
    select placed.*
    from placed
    anti join former using (unit, indicator, as_of)
    where placed.own
);
