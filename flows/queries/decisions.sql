-- One row per decision that the published warehouse has considered, with its status.
select decision, status, found, line
from core.decision
