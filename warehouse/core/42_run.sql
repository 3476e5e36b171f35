-- core.run: one row: the run that built this warehouse.
create table core.run as
select
    run, -- id
    started_at::timestamptz as started_at, -- when it started
    version, -- of the program
    catalogue, -- digest of the catalogue's entries
    documents::integer as documents, -- documents received
    observations::integer as observations, -- figures read
    decisions::integer as decisions -- decisions considered
from frame_run
order by run;
