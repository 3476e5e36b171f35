-- One row per figure that sources disagree on and nothing settles; each source with the value that it
-- prints, which is another one than the value compared where it uses another unit of measure.
select
    conflict.unit,
    conflict.indicator,
    conflict.as_of,
    conflict.measure,
    list(
        {
            'observation': observation.observation, 'value': observation.comparable_value,
            'printed_value': observation.printed_value, 'document': observation.document,
            'file_name': document.file_name, 'page': observation.page,
            'table': observation."table", 'row': observation."row",
            'column': observation."column", 'text': observation.text
        }
        order by observation.comparable_value, observation.observation
    ) as sources
from marts.conflict
join core.observation using (unit, indicator, as_of, measure)
join raw.document on document.document = observation.document
where
    observation.status = 'conflicting'
    and conflict.unit in (select part from core.lineage where lineage.unit = $unit)
group by conflict.unit, conflict.indicator, conflict.as_of, conflict.measure
order by conflict.unit, conflict.indicator, conflict.as_of, conflict.measure
