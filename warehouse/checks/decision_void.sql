-- check: decision-void
-- grain: one row per decision whose figure is not what was seen when deciding
-- severity: soft
select
    decision.observation,
    map {
        'reason': decision.reason,
        'expected': decision.expected,
        'found': coalesce(core.vietnamese_exact(observation.printed_value), 'không còn')
    } as facts
from core.decision
left join core.observation using (observation)
where decision.status = 'void'
order by all
