-- core.level: one row per growth or plan percentage and consolidated figure that it is recomputed from.
create table core.level as
select
    indicator, -- id of the percentage: 100 x (plus - minus) / base; without a base plus - minus
    level, -- id of the indicator whose figure it is
    role, -- plus, minus, base
    measure, -- result (also a count, where the indicator is one) or target
    period -- its day: same-day, year-before, by-year-end (a plan's, on the day or later in the year)
from frame_level
order by indicator, role desc, level, period;
