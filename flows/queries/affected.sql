-- One row per consolidated figure that a figure of a former unit takes part in, or would.
select consolidated.key, consolidated.value, consolidated.unit_of_measure, consolidated.status
from core.observation
join (select distinct unit, part from core.lineage) as lineage on lineage.part = observation.unit
join marts.consolidated
    on
        consolidated.unit = lineage.unit
        and consolidated.as_of = observation.as_of
        and consolidated.indicator = observation.indicator
left join core.indicator on indicator.indicator = observation.indicator
where
    observation.observation = $key
    and (
        consolidated.measure = observation.measure
        or (
            consolidated.measure = 'result'
            and observation.measure in ('numerator', 'denominator')
            and indicator.roll_up in ('ratio-of-sums', 'recompute')
        )
    )
order by consolidated.key
