-- One row per consolidated figure that an observation is an operand of.
select key
from marts.lineage
where observation = $key
order by key
