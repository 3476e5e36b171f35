-- temp.recomputed: one row per (new unit, indicator, as_of) of a growth or plan percentage: made of the
-- consolidated levels that the catalogue names, or which of them have no figure. It is laid over
-- temp.rolled_up, which refuses percentages.
create temp table known_level as
select
    rolled_up.unit, rolled_up.indicator as level, rolled_up.as_of,
    case when rolled_up.measure = 'target' then 'target' else 'result' end as level_measure,
    rolled_up.measure, rolled_up.value, rolled_up.parts_expected
from rolled_up
join core.indicator using (indicator)
where
    rolled_up.status = 'complete'
    -- A count beside a rate is its numerator.
    and (
        rolled_up.measure in ('result', 'target')
        or (rolled_up.measure = 'count' and indicator.kind not in ('rate', 'attainment'))
    );

create temp table needed_level as
with asked as (
    select unit, indicator, as_of, true as printed
    from rolled_up
    where method = 'recompute' and status <> 'complete'
    union
    -- What nobody prints is computed all the same, where all its levels are there.
    select known_level.unit, level.indicator, known_level.as_of, false as printed
    from known_level
    join core.level
        on
            level.level = known_level.level
            and level.measure = known_level.level_measure
            and level.role = 'plus'
            and level.period = 'same-day'
    anti join rolled_up
        on
            rolled_up.unit = known_level.unit
            and rolled_up.indicator = level.indicator
            and rolled_up.as_of = known_level.as_of
            and rolled_up.measure = 'result'
),

dated as (
    select
        asked.*, level.* exclude (indicator),
        case
            when period <> 'year-before' then as_of
            -- The last day of a month is also the last day of it a year before.
            when as_of = last_day(as_of) then last_day((as_of - interval 1 year)::date)
            else (as_of - interval 1 year)::date
        end as from_day,
        case
            when period = 'by-year-end' then make_date(year(as_of), 12, 31)
            else from_day
        end as to_day
    from asked
    join core.level using (indicator)
)

select
    dated.*,
    known_level.as_of as level_as_of,
    known_level.measure as level_measure,
    known_level.parts_expected,
    -- Figures that differ leave open which of them is meant.
    case
        when min(known_level.value) over one = max(known_level.value) over one then known_level.value
    end as value
from dated
left join known_level
    on
        known_level.unit = dated.unit
        and known_level.level = dated.level
        and known_level.level_measure = dated.measure
        and known_level.as_of between dated.from_day and dated.to_day
window one as (
    partition by dated.unit, dated.indicator, dated.as_of, dated.role, dated.level, dated.measure, dated.period
);

create temp table recomputed as
with single as (
    select distinct
        unit, indicator, as_of, printed, role, level, measure, period, to_day, value, core.operand(value) as term
    from needed_level
),

summed as (
    select
        single.unit, single.indicator, single.as_of, printed,
        count(*) = count(value) as known,
        coalesce(sum(value) filter (role = 'plus'), 0) - coalesce(sum(value) filter (role = 'minus'), 0) as change,
        sum(value) filter (role = 'base') as base,
        bool_or(role = 'base') as divided,
        core.joined(list({'at': level, 'what': term}) filter (role = 'plus'), ' + ') as plus_terms,
        core.joined(list({'at': level, 'what': term}) filter (role = 'minus'), ' - ') as minus_terms,
        core.joined(list({'at': level, 'what': term}) filter (role = 'base'), ' + ') as base_terms,
        core.joined(
            list(distinct {
                'at': {'level': level, 'day': to_day},
                'what': entry.name || case when single.measure = 'target' then ' (kế hoạch)' else '' end
                || ' ngày ' || core.vietnamese_date(to_day)
            }) filter (value is null),
            ', '
        ) as lacking
    from single
    join core.indicator as entry on entry.indicator = single.level
    group by single.unit, single.indicator, single.as_of, printed
),

computed as (
    select
        summed.*,
        method.* exclude (indicator, measure, method),
        case
            when not known then null
            when not divided then try_cast(change as decimal(24, 6))
            when base > 0 then core.ratio(core.millionths(change), core.millionths(base), method.per)
        end as value
    from summed
    join method on method.indicator = summed.indicator and method.measure = 'result'
),

worded as (
    select
        *,
        concat_ws(' - ', plus_terms, minus_terms) as change_terms,
        core.half_up(value, precision) as shown,
        case
            when value is not null then 'complete'
            when not known or base < 0 then 'not-additive'
            when base = 0 then 'zero-denominator'
            else 'out-of-range'
        end as status
    from computed
)

select
    unit, indicator, as_of, unit_of_measure, value, status, lacking,
    case
        when not divided then change_terms
        else
            case when per = 100 then '100 × ' else '' end
            || case when contains(change_terms, ' ') then '(' || change_terms || ')' else change_terms end
            || ' / '
            || case when contains(base_terms, ' ') then '(' || base_terms || ')' else base_terms end
    end
    || ' = ' || core.with_unit(core.vietnamese_exact(shown), unit_of_measure) as equation
from worded
where printed or status = 'complete';

delete from rolled_up
where
    (unit, indicator, as_of, measure) in (
        select (unit, indicator, as_of, 'result') from recomputed where status <> 'not-additive'
    );

insert into rolled_up by name
select
    recomputed.* exclude (lacking),
    'result' as measure, 'recompute' as method,
    null::decimal(24, 6) as lower, null::decimal(24, 6) as upper,
    today.parts_expected, today.parts_expected as parts_reported
from recomputed
join (
    select unit, indicator, as_of, max(parts_expected) as parts_expected
    from needed_level
    where level_as_of >= as_of
    group by unit, indicator, as_of
) as today using (unit, indicator, as_of)
where recomputed.status <> 'not-additive';
