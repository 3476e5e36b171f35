-- One row: the run that built the warehouse.
select run
from core.run
