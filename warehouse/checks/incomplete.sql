-- check: incomplete
-- grain: one row per (new unit, indicator, as_of) that a former unit gave no figure for, though it sent documents
-- severity: soft
with lacking as (
    select new_unit as unit, indicator, as_of, unit as part
    from marts.completeness
    where
        missing
        -- What is recomputed from levels needs no percentage of the parts.
        and (new_unit, indicator, as_of) not in (
            select (unit, indicator, as_of)
            from marts.consolidated
            where method = 'recompute' and value is not null
        )
    union
    -- Numerator and denominator are told by the finding on their rate, where there is one.
    select consolidated.unit, consolidated.indicator, consolidated.as_of, part_on.part
    from marts.consolidated
    join part_on using (unit, as_of)
    anti join operand
        on
            operand.unit = consolidated.unit
            and operand.indicator = consolidated.indicator
            and operand.as_of = consolidated.as_of
            and operand.measure = consolidated.measure
            and operand.part = part_on.part
    where
        consolidated.status = 'incomplete'
        and consolidated.method <> 'ratio-of-sums'
        and not (
            consolidated.measure in ('numerator', 'denominator')
            and (consolidated.unit, consolidated.indicator, consolidated.as_of)
            in (select (unit, indicator, as_of) from ratio)
        )
        -- A number without its total says no more where the rate is there.
        and not (
            consolidated.measure = 'count'
            and (consolidated.unit, consolidated.indicator, consolidated.as_of)
            in (select (unit, indicator, as_of) from ratio where value is not null)
        )
)

,

-- Why the part has no figure, where its documents say anything of the indicator.
reason as (
    select
        lacking.unit,
        lacking.indicator,
        lacking.as_of,
        lacking.part,
        case
            when bool_or(figure.as_of = lacking.as_of and figure.status_reason = 'unit-of-measure')
                then 'đơn vị tính khác: ' || string_agg(distinct figure.unit_of_measure, ', ')
                    filter (figure.as_of = lacking.as_of)
            when bool_or(figure.as_of = lacking.as_of and figure.status = 'rejected')
                then 'số đã bị loại theo quyết định'
            when count(figure.observation) > 0
                then 'chỉ có số của ngày '
                    || string_agg(distinct core.vietnamese_date(figure.as_of), ', ')
            when bool_or(doubt.code is not null) then 'có ghi nhưng không đọc được'
        end as why
    from lacking
    left join core.observation as figure
        on
            figure.unit = lacking.part
            and figure.indicator = lacking.indicator
            and figure.measure <> 'target'
            and figure.as_of is not null
    left join frame_finding as doubt
        on
            doubt.unit = lacking.part
            and doubt.indicator = lacking.indicator
            and doubt.code in ('number-unreadable', 'header-unread', 'figure-blank')
    group by lacking.unit, lacking.indicator, lacking.as_of, lacking.part
)

select
    reason.unit,
    reason.indicator,
    reason.as_of,
    map {
        'label': any_value(indicator.name),
        'missing': string_agg(
            unit.type || ' ' || unit.name || coalesce(' (' || reason.why || ')', ''), ', '
            order by unit.name, unit.unit
        )
    } as facts
from reason
join core.indicator using (indicator)
join core.unit on unit.unit = reason.part
where reason.part not in (select absent.part from absent)
group by reason.unit, reason.indicator, reason.as_of
order by all
