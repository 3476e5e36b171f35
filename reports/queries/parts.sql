-- One row per figure of a former unit that is believed after reconciliation.
select
    observation.unit,
    observation.indicator,
    observation.as_of,
    observation.measure,
    observation.comparable_value as value
from core.observation
where
    observation.status in ('accepted', 'corrected')
    and observation.comparable_value is not null
    and observation.unit in (select part from core.lineage where lineage.unit = $unit)
order by observation.unit, observation.indicator, observation.as_of, observation.measure
