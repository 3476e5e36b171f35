-- check: unit-not-valid
-- grain: one row per figure of a unit of a lineage for a day on which it was no part of the new unit
-- severity: soft
select
    observation.observation,
    map {
        'text': unit.type || ' ' || unit.name,
        'date': core.vietnamese_date(observation.as_of)
    } as facts
from core.observation
join core.unit using (unit)
where
    observation.status in ('accepted', 'corrected', 'conflicting')
    and observation.measure <> 'target'
    and not exists (
        select *
        from part_on
        where part_on.part = observation.unit and part_on.as_of = observation.as_of
    )
    and exists (
        select *
        from core.lineage
        where
            lineage.part = observation.unit
            and not (lineage.part = lineage.unit and observation.as_of > lineage.last_day)
    )
order by all
