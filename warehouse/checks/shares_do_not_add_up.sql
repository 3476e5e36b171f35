-- check: shares-do-not-add-up
-- grain: one row per divided unit and indicator whose successors' shares are more than all of it, or less with none left out
-- severity: soft
with heir as (
    select predecessor, successor, effective_on
    from edge
    where divided
),

topic as (
    select distinct predecessor, effective_on, indicator from core.allocation
),

stated as (
    select
        topic.predecessor,
        topic.indicator,
        count(*) as heirs,
        count(coalesce(special.share, general.share)) as shares,
        sum(coalesce(special.share, general.share)) as total
    from topic
    join heir using (predecessor, effective_on)
    left join core.allocation as special
        on
            special.predecessor = heir.predecessor
            and special.successor = heir.successor
            and special.effective_on = heir.effective_on
            and special.indicator is not distinct from topic.indicator
    left join core.allocation as general
        on
            general.predecessor = heir.predecessor
            and general.successor = heir.successor
            and general.effective_on = heir.effective_on
            and general.indicator is null
    group by topic.predecessor, topic.effective_on, topic.indicator
)

select
    stated.predecessor as unit,
    stated.indicator,
    map {
        'part': unit.type || ' ' || unit.name,
        'label': coalesce(indicator.name, 'mọi chỉ tiêu'),
        'total': core.vietnamese_exact(stated.total * 100) || ' %'
    } as facts
from stated
join core.unit on unit.unit = stated.predecessor
left join core.indicator on indicator.indicator = stated.indicator
where total > 1 or (shares = heirs and total <> 1)
order by all
