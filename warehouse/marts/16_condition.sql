-- marts.condition: one row per consolidated attainment, class of communes and condition of its standard: whether the pooled counts meet it.
create table marts.condition as
with asked as (
    select rolled_up.unit, rolled_up.indicator, rolled_up.as_of, threshold.* exclude (indicator, source)
    from rolled_up
    join core.unit on unit.unit = rolled_up.unit
    join core.threshold on threshold.indicator = rolled_up.indicator
    where
        rolled_up.method = 'attainment'
        and rolled_up.measure = 'result'
        -- Where the new unit's class is not known both are looked at.
        and coalesce(unit.disadvantaged = (threshold.communes = 'disadvantaged'), true)
),

pooled as (
    select
        asked.*,
        string_agg(entry.name, ' + ' order by list_position(asked.rates, need.rate)) as names,
        coalesce(
            list(concat_ws('/', asked.unit, need.rate, asked.as_of, 'result') order by list_position(asked.rates, need.rate))
                filter (ratio.unit is not null),
            []
        ) as keys,
        sum(ratio.numerator) as numerator,
        min(ratio.denominator) as denominator,
        min(ratio.denominator) = max(ratio.denominator) as one_whole,
        count(ratio.numerator) = count(*) as known
    from asked
    cross join unnest(asked.rates) as need (rate)
    join core.indicator as entry on entry.indicator = need.rate
    left join ratio
        on
            ratio.unit = asked.unit
            and ratio.as_of = asked.as_of
            and ratio.indicator = need.rate
    group by all
),

judged as (
    select
        * exclude (numerator, denominator),
        core.from_millionths(numerator) as numerator,
        core.from_millionths(denominator) as denominator,
        core.ratio(numerator, denominator, 100) as rate,
        case
            when not one_whole or denominator <= 0 then null
            -- On whole counts: a rounded rate could pass what the exact one does not.
            when numerator * 100000000 >= core.millionths(least) * denominator then true
            when known then false
        end as met
    from pooled
),

-- A macro's argument is written out wherever the macro uses it: columns keep the query small.
shown as (
    select *, core.half_up(rate, 2) as shown_rate
    from judged
)

select
    concat_ws('/', unit, indicator, as_of, 'result') as key, -- of the attainment in marts.consolidated
    unit, -- slug of the new unit
    indicator, -- id of the attainment
    as_of, -- day of the figures
    communes, -- class of communes whose threshold it is: ordinary or disadvantaged (đặc biệt khó khăn)
    rates, -- ids of the rates that are added and compared
    least, -- what they have to be together, in percent
    legal_basis, -- số, ký hiệu and article of the threshold
    certainty, -- of the threshold: V read, V2 read in a secondary source, I inferred, NV not verified
    numerator, -- pooled over the parts and added over the rates; NULL where none is known
    denominator, -- pooled over the parts
    rate, -- in percent, half-up at 6 decimals; less than all of it where a rate is not known
    met, -- whether it is met; NULL: it cannot be told
    names || ': '
    || case
        when numerator is null then 'chưa đủ số liệu gộp, cần '
        else
            core.vietnamese_exact(numerator) || '/' || core.vietnamese_exact(denominator) || ' = '
            || core.vietnamese_exact(shown_rate) || ' % '
            || case when met then '' when met is null then 'chưa đủ số liệu, cần ' else '< ' end
    end
    || case when met or met is null then '≥ ' else '' end
    || core.vietnamese_exact(least) || ' %'
    || case when certainty = 'NV' then ' (ngưỡng chưa kiểm chứng)' else '' end as words, -- the condition in Vietnamese
    keys -- of those of the rates that marts.consolidated has a figure of
from shown
order by key, communes desc, rates, least;
