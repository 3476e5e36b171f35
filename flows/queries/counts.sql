-- One row: the run; figures read; doubts, of which some block issuing; notes that ask nothing of anybody.
select
    (select run from core.run) as run,
    (select count(*) from core.observation) as observations,
    count(*) filter (severity <> 'info') as doubts,
    count(*) filter (blocking) as blocking,
    count(*) filter (severity = 'info') as notes
from core.finding
