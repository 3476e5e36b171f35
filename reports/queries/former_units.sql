-- One row per former unit whose figures make up the unit's on the day, in order of name.
select parts_on.part as unit
from core.parts_on($unit, $as_of) as parts_on
join core.unit on unit.unit = parts_on.part
order by unit.name, parts_on.part
