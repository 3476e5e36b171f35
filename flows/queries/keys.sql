-- The keys of all consolidated figures.
select key
from marts.consolidated
order by key
