-- check: decision-void
-- grain: one row per decision whose figure, wording or document is not what was seen when deciding
-- severity: soft
select
    decision.observation,
    document.document,
    map {
        'reason': decision.reason,
        'expected': coalesce(
            core.vietnamese_exact(try_cast(decision.expected as decimal(24, 6))),
            decision.label, decision.expected, 'không có'
        ),
        'found': coalesce(decision.found, core.vietnamese_exact(observation.printed_value), 'không còn')
    } as facts
from core.decision
left join core.observation using (observation)
left join raw.document on decision.kind = 'document' and document.document = decision.document
where decision.status = 'void'
order by all
