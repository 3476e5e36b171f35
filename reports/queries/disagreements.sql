-- One row per figure that sources disagree on and nothing settles.
select
    conflict.unit,
    conflict.indicator,
    conflict.as_of,
    conflict.measure,
    conflict.sources
from marts.conflict
where conflict.unit in (select part from core.lineage where lineage.unit = $unit)
order by conflict.unit, conflict.indicator, conflict.as_of, conflict.measure
