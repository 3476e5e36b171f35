-- check: table-differs-from-text
-- grain: one row per figure of a document's text that differs from its own table's
-- severity: soft
select
    written.observation,
    map {
        'label': any_value(indicator.name),
        'table': string_agg(distinct core.vietnamese_exact(tabled.comparable_value), '; '),
        'text': any_value(core.vietnamese_exact(written.comparable_value))
    } as facts
from core.observation as written
-- What settled the figure may stand in another document; only its own table contradicts it.
join core.observation as tabled
    on
        tabled.document = written.document
        and tabled.kind = 'table'
        and tabled.unit = written.unit
        and tabled.indicator = written.indicator
        and tabled.as_of = written.as_of
        and tabled.measure = written.measure
        and tabled.comparable_value <> written.comparable_value
join core.indicator on indicator.indicator = written.indicator
where written.status_reason = 'table-over-text'
group by written.observation
order by all
