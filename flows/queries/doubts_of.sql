-- One row per finding on a figure: on the unit's indicator as a whole, or on one of its operands.
select distinct finding.*
from core.finding
left join marts.lineage on lineage.key = $key
where
    finding.observation in ($key, lineage.observation)
    or (
        finding.unit || '/' || finding.indicator || '/' || finding.as_of || '/' || finding.measure = $key
    )
order by finding.code, finding.finding
