-- core.allocation: one row per divided unit, successor, day of the event and indicator (NULL: all) with a stated share.
create table core.allocation as
with stated as (
    select
        json_extract_string(line, '$.unit') as predecessor,
        json_extract_string(line, '$.successor') as successor,
        event.effective_on,
        json_extract_string(line, '$.indicator') as indicator,
        json_extract_string(line, '$.share')::decimal(7, 6) as share,
        json_extract_string(line, '$.basis') as basis,
        decision,
        1 as precedence
    from core.decision
    -- A decision names no event: it holds where there is one alone.
    join (
        select predecessor, successor, min(effective_on) as effective_on
        from edge
        where divided
        group by predecessor, successor
        having count(*) = 1
    ) as event
        on
            event.predecessor = json_extract_string(line, '$.unit')
            and event.successor = json_extract_string(line, '$.successor')
    where kind = 'allocate' and status = 'applied'
    union all
    select
        shared.predecessor, shared.successor, effective_on::date as effective_on, shared.indicator,
        shared.share::decimal(7, 6) as share, shared.source as basis, null as decision, 2 as precedence
    from (
        select effective_on, unnest(
            from_json(
                shares,
                '[{"predecessor": "VARCHAR", "successor": "VARCHAR", "indicator": "VARCHAR", "share": "VARCHAR", "source": "VARCHAR"}]'
            )
        ) as shared
        from frame_unit_event
    )
)

select
    predecessor, -- slug of the unit that was divided
    successor, -- slug of one that its figures go to
    effective_on, -- first day of the event
    indicator, -- id in the catalogue; NULL: of all that adds up
    share, -- of the divided unit's figures, 0..1
    basis, -- what the share rests on: the decision's own words, or the catalogue's source
    decision -- id of the decision; NULL: the catalogue states it
from stated
qualify row_number() over (partition by predecessor, successor, effective_on, indicator order by precedence) = 1
order by predecessor, successor, effective_on, indicator nulls first;
