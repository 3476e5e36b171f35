-- temp.operand: one row per (new unit, part, indicator, as_of, measure) that the part reported: the
-- settled figure, NULL where its sources conflict.
create temp table figure as
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
group by unit, indicator, as_of, measure;

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

create temp table operand as
with former as (
    select
        part_on.unit, part_on.part, part_on.whole, part_on.parts_expected, part_on.all_whole,
        figure.* exclude (unit)
    from figure
    join part_on on part_on.part = figure.unit and part_on.as_of = figure.as_of
),

-- What the new unit reports of itself after its beginning, where no former unit reported.
own as (
    select
        figure.unit, figure.unit as part, true as whole, 1 as parts_expected, true as all_whole,
        figure.* exclude (unit)
    from figure
    join core.lineage on lineage.unit = figure.unit and lineage.part = figure.unit
    where figure.as_of > lineage.last_day
)

select * from former
union all
select own.*
from own
anti join former using (unit, indicator, as_of);

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
        -- A plan percentage is performed / planned; what a growth is made of is not told by its two
        -- figures alone.
        when roll_up = 'recompute'
            then case when kind <> 'growth' and measure = 'result' then 'ratio-of-sums' else 'none' end
        else roll_up
    end as method
from core.indicator
cross join unnest(['target', 'result', 'numerator', 'denominator', 'count']) as every (measure);
