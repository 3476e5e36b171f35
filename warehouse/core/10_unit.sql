-- core.unit: one row per administrative unit in a span of time.
create table core.unit as
select
    unit, -- slug, unique over time
    name, -- without its type
    type, -- xã, phường, huyện, tỉnh
    code, -- of the General Statistics Office; re-used by later units, so never a key without valid_from
    district, -- with its type; NULL from 1 July 2025 on
    province, -- as it was named in the span
    valid_from::date as valid_from, -- first day; NULL: since before our records
    valid_to::date as valid_to, -- last day, inclusive; NULL: still
    disadvantaged, -- lower thresholds are its (xã đặc biệt khó khăn); NULL: not known
    source, -- where this was read
    certainty -- V read, V2 read in a secondary source, I inferred, NV not verified
from frame_unit
order by unit;
