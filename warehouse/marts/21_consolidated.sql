-- marts.consolidated: one row per (unit, indicator, as_of, measure): the new unit's figure, made of its former units'.
create table marts.consolidated as
with source as (
    select
        key,
        core.in_order(
            list({
                'at': {'part': part, 'measure': operand_measure, 'observation': observation},
                'what': {
                    'document': document, 'page': page, 'table': "table", 'row': "row",
                    'column': "column", 'text': text
                }
            })
        ) as sources
    from marts.lineage
    group by key
),

mark as (
    select
        unit, indicator, as_of, measure,
        bool_or(approximate) as approximate,
        bool_or(estimated) as estimated
    from (
        select unit, indicator, as_of, measure, approximate, estimated
        from operand
        union all
        select lineage.unit, lineage.indicator, lineage.as_of, lineage.measure, approximate, estimated
        from marts.lineage
        join core.observation using (observation)
        where lineage.operand_indicator <> lineage.indicator
    )
    group by unit, indicator, as_of, measure
),

keyed as (
    select
        concat_ws('/', unit, indicator, as_of, measure) as key,
        *,
        status = 'complete' as computed
    from rolled_up
)

select
    keyed.key, -- 'long-phung/gia-dinh-hoc-tap/2025-06-30/result', as `hopnhat trace` takes it
    keyed.unit, -- slug of the new unit
    keyed.indicator, -- id in the catalogue
    keyed.as_of, -- day that the figure is of; for a target the day by which it is to be reached
    keyed.measure, -- target, result, numerator, denominator, count
    case when computed then keyed.value end as value, -- exact, half-up at 6 decimals; NULL where it cannot be computed
    keyed.unit_of_measure, -- of value and bounds
    keyed.method, -- roll-up rule applied: the catalogue's, or 'agree' for a target that the parts share
    case when not computed then keyed.lower end as lower, -- least that it can be, where it cannot be computed
    case when not computed then keyed.upper end as upper, -- most that it can be, where it cannot be computed
    keyed.parts_expected::integer as parts_expected, -- former units that make up the new one on that day
    keyed.parts_reported::integer as parts_reported, -- of those, how many reported it
    case when computed then keyed.equation end as equation, -- how the value comes about, in Vietnamese notation
    keyed.status, -- complete, or why there is no value: incomplete, conflicting, missing-denominator, …
    coalesce(mark.approximate, false) as approximate, -- an operand is approximate (gần, khoảng)
    coalesce(mark.estimated, false) as estimated, -- an operand is an estimate (ước thực hiện)
    coalesce(source.sources, []) as sources, -- places of all operands: document, page, table, row, column, text
    case pooled.attains when true then 100 when false then 0 end::decimal(24, 6) as pooled_value, -- of an attainment, beside k of n: 100 where the pooled counts meet all thresholds of its standard, 0 where they do not; NULL: not told, or no thresholds are known
    pooled.status as pooled_status, -- complete, or why it is not told: missing-count, depends-on-class; NULL: no thresholds are known
    pooled.words as pooled_equation -- the conditions one by one with the pooled counts, in Vietnamese
from keyed
left join source using (key)
left join mark using (unit, indicator, as_of, measure)
left join pooled using (key)
order by keyed.unit, keyed.indicator, keyed.as_of, keyed.measure;
