-- One row per decision on a figure: on one as it was read, or on any of those that could have been an operand of
-- a consolidated one; on a wording that one of them has; on its document; on a finding on one of them.
with concerned as (
    select observation.*
    from core.observation
    left join core.lineage on lineage.part = observation.unit
    where
        observation.observation = $key
        or lineage.unit || '/' || observation.indicator || '/' || observation.as_of || '/' || observation.measure = $key
    union
    select observation.*
    from marts.lineage
    join core.observation on observation.observation = lineage.observation
    where lineage.key = $key
)

select distinct decision.*
from core.decision
left join concerned
    on
        concerned.observation = decision.observation
        or (decision.kind = 'document' and decision.document = concerned.document)
        or (
            decision.kind = 'wording'
            and decision.indicator = concerned.indicator
            and core.plain(decision.label) = core.plain(concerned.label)
        )
left join core.finding on finding.decision = decision.decision
where
    concerned.observation is not null
    or finding.unit || '/' || finding.indicator || '/' || finding.as_of || '/' || finding.measure = $key
order by decision.decided_at, decision.decision
