-- check: numeral-without-fate
-- grain: one row per numeral that is neither a figure, nor no figure for a known reason, nor named by a finding
-- severity: hard
select document, "table", "row", "column", start, numeral, fate
from core.numeral
where
    not coalesce(
        case fate
            when 'figure' then len(observations) > 0 and reason is null
            when 'not-a-figure'
                then len(observations) = 0 and reason in (select reason from core.numeral_reason)
            when 'doubt' then len(findings) > 0 and len(observations) = 0
        end,
        false
    )
order by all
