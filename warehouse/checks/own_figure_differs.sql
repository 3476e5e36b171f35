-- check: own-figure-differs
-- grain: one row per figure of a new unit's own documents that differs from the roll-up of its former units
-- severity: soft
select
    observation.observation,
    map {
        'label': indicator.name,
        'own': core.vietnamese_exact(observation.comparable_value),
        'rolled_up': coalesce(core.vietnamese(consolidated.value, indicator.precision), '(chưa tính được)')
    } as facts
from core.observation
join core.indicator using (indicator)
join core.lineage
    on
        lineage.unit = observation.unit
        and lineage.part = observation.unit
        and observation.as_of > lineage.last_day
        and observation.as_of between lineage.valid_from and coalesce(lineage.valid_to, '9999-12-31'::date)
join marts.consolidated
    on
        consolidated.unit = observation.unit
        and consolidated.indicator = observation.indicator
        and consolidated.as_of = observation.as_of
        and consolidated.measure = observation.measure
where
    observation.status in ('accepted', 'corrected', 'conflicting')
    and not coalesce(
        core.agrees(
            core.millionths(observation.comparable_value), core.last_place(observation.decimals),
            core.millionths(consolidated.value), core.last_place(6)
        ),
        false
    )
order by all
