-- check: table-differs-from-text
-- grain: one row per figure of a document's text that differs from its table's
-- severity: soft
select
    written.observation,
    map {
        'label': indicator.name,
        'table': core.vietnamese_exact(tabled.comparable_value),
        'text': core.vietnamese_exact(written.comparable_value)
    } as facts
from core.observation as written
join core.observation as tabled on tabled.observation = written.settled_by
join core.indicator on indicator.indicator = written.indicator
where written.status_reason = 'table-over-text'
order by all
