-- temp.tally: one row per (new unit, indicator, as_of, measure) that any part reported.
create temp table tally as
select
    operand.unit,
    operand.indicator,
    operand.as_of,
    operand.measure,
    max(parts_expected) as parts_expected,
    bool_and(all_whole) as all_whole,
    bool_and(all_allocated) as all_allocated,
    count(*) as parts_reported,
    count(value) as known,
    bool_or(conflicting) as conflicting,
    sum(value) as total,
    sum(value) filter (whole or share is not null) as allocated_total,
    min(value) as least,
    max(value) as greatest,
    count(*) filter (value = 100) as attained,
    count(*) filter (value not in (0, 100)) as unclear,
    core.joined(list({'at': part, 'what': core.term(given, share)}), ' + ') as terms
from operand
group by operand.unit, operand.indicator, operand.as_of, operand.measure;
