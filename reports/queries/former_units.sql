-- One row per former unit whose figures make up the unit's on the day.
select parts_on.part as unit
from core.parts_on($unit, $as_of) as parts_on
order by parts_on.part
