-- One figure as it was read, by its id, with its place: one row, or none.
select
    observation.*,
    document.file_name,
    coalesce(unit.type || ' ' || unit.name, observation.unit) as unit_name,
    indicator.name as indicator_name
from core.observation
join raw.document on document.document = observation.document
left join core.unit on unit.unit = observation.unit
left join core.indicator on indicator.indicator = observation.indicator
where observation.observation = $key
