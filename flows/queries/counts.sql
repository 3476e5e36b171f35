-- One row: figures read, findings, findings that block issuing.
select
    (select count(*) from core.observation) as observations,
    count(*) as findings,
    count(*) filter (blocking) as blocking
from core.finding
