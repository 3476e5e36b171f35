-- core.numeral_reason: one row per reason why a numeral is no figure.
create table core.numeral_reason as
select
    reason, -- id in the catalogue
    name, -- what an officer reads
    meaning -- which numerals these are, with examples
from frame_numeral_reason
order by reason;
