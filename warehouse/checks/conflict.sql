-- check: conflict
-- grain: one row per figure of a former or new unit that sources disagree on and nothing settles
-- severity: soft
select
    conflict.sources[1].observation as observation,
    map {
        'label': indicator.name,
        'values': list_aggregate(
            [core.vietnamese_exact(each.value) || ' (' || each.file_name || ')' for each in conflict.sources],
            'string_agg', '; '
        )
    } as facts
from marts.conflict
join core.indicator using (indicator)
where conflict.unit in (select part from core.lineage)
order by all
