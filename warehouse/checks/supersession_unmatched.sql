-- check: supersession-unmatched
-- grain: one row per document that says it replaces or corrects one that was not received
-- severity: soft
select
    document.document,
    document.unit,
    map {'number': document.supersedes} as facts
from raw.document
where
    document.supersession in ('replaces', 'corrects')
    and document.supersedes is not null
    and not exists (
        select *
        from raw.document as earlier
        where
            earlier.unit = document.unit
            and core.number_key(earlier.number) = core.number_key(document.supersedes)
    )
order by all
