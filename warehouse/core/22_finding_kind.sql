-- core.finding_kind: one row per code that a finding can have.
create table core.finding_kind as
select
    code, -- stable, kebab-case
    severity, -- error, warning, info
    blocking, -- whether it blocks issuing the report
    message -- what the officer reads; {fields} are filled from the finding's facts
from frame_finding_kind
order by code;
