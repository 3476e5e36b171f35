-- check: unit-unknown
-- grain: one row per figure of a unit that the catalogue does not know
-- severity: soft
select
    observation.observation,
    map {'text': observation.unit} as facts
from core.observation
where split_part(observation.unit, '/', 1) not in (select unit from core.unit)
order by all
