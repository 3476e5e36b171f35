-- temp.reading: one row per figure read, with its value in the indicator's own unit of measure, the
-- decision on it, and why it cannot take part in the reconciliation (barred, NULL if it can).
create temp table reading as
with expected as (
    select
        indicator,
        measure,
        case measure
            when 'numerator' then numerator_unit_of_measure
            when 'denominator' then denominator_unit_of_measure
            when 'count'
                then
                    case
                        when kind in ('rate', 'attainment') then numerator_unit_of_measure
                        else unit_of_measure
                    end
            else unit_of_measure
        end as unit_of_measure
    from core.indicator
    cross join
        unnest(['target', 'result', 'numerator', 'denominator', 'count']) as every (measure)
),

named as (
    select distinct unit_of_measure as spelling from frame_observation
    union
    select distinct unit_of_measure from expected where unit_of_measure is not null
),

scale as (
    -- 'triệu đồng/người/năm' converts into 'nghìn đồng/người/năm': the part before the slash does.
    select
        named.spelling,
        case
            when contains(named.spelling, '%') then 'percent'
            when known.family is null then 'other'
            else concat_ws('/', known.family, core.plain(split_part(named.spelling, '/', 2)),
                core.plain(split_part(named.spelling, '/', 3)))
        end as family,
        coalesce(known.factor, 1) as factor
    from named
    left join core.unit_of_measure as known
        on known.name = core.plain(replace(split_part(named.spelling, '/', 1), '²', '2'))
),

conversion as (
    -- A unit of measure that is not stated is taken to be the expected one.
    select
        expected.indicator,
        expected.measure,
        found.spelling,
        found.spelling <> '' and found.family <> wanted.family as differs,
        case when found.spelling = '' or differs then 1 else found.factor end as multiplier,
        case when found.spelling = '' or differs then 1 else wanted.factor end as divisor
    from expected
    join scale as wanted on wanted.spelling = expected.unit_of_measure
    cross join scale as found
    where found.spelling in (select unit_of_measure from frame_observation)
),

decided as (
    select
        figure.*,
        decision.decision,
        decision.kind as decision_kind,
        decision.others as decision_others,
        decision.decided_at,
        case
            when decision.kind = 'correct' then decision.value
            else core.exact(figure.value)
        end as decided_value,
        core.exact(figure.value) as printed_value
    from frame_observation as figure
    left join core.decision
        on
            decision.observation = figure.observation
            and decision.status = 'applied'
            and decision.kind in ('settle', 'correct', 'reject')
),

converted as (
    select
        decided.*,
        conversion.differs,
        coalesce(conversion.multiplier, 1) as multiplier,
        coalesce(conversion.divisor, 1) as divisor,
        case
            when multiplier <> divisor then try(core.millionths(decided_value) * multiplier)
        end as multiplied
    from decided
    left join conversion
        on
            conversion.indicator = decided.indicator
            and conversion.measure = decided.measure
            and conversion.spelling = decided.unit_of_measure
)

select
    converted.* exclude (value, as_of, multiplied, multiplier, divisor, differs, decided_value),
    converted.as_of::date as as_of,
    decided_value as value,
    case
        when multiplier = divisor then decided_value
        when multiplied % divisor = 0 then core.from_millionths(multiplied // divisor)
    end as comparable_value,
    greatest(core.last_place(decimals) * multiplier // divisor, 1) as last_place,
    case
        when decision_kind = 'reject' then 'decision'
        when decided_value is null then 'not-exact'
        when converted.indicator is null then 'no-indicator'
        when converted.unit is null then 'no-unit'
        when converted.as_of is null then 'no-date'
        -- Who corrects a figure of another unit of measure gives it in the indicator's own.
        when (differs and decision_kind is distinct from 'correct') or comparable_value is null
            then 'unit-of-measure'
    end as barred
from converted;
