-- One row per decision that the warehouse was built with, as it stood in the log.
select decision, decided_at, line
from core.decision
order by decided_at, decision
