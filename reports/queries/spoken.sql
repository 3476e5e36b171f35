-- One row per figure in a sentence of a former unit's document.
select
    observation.document,
    observation.unit,
    observation.row,
    observation.text,
    observation.indicator,
    observation.measure,
    observation.as_of,
    observation.unit_of_measure,
    observation.printed_value as value
from core.observation
join raw.document using (document)
where
    observation.kind = 'text'
    and document.unit in (select part from core.lineage where lineage.unit = $unit)
order by
    observation.document,
    observation.row,
    observation.text,
    observation.indicator,
    observation.measure,
    observation.observation
