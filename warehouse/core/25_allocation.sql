-- core.allocation: one row per divided unit, successor and indicator (NULL: all) with a stated share.
create table core.allocation as
with stated as (
    select
        json_extract_string(line, '$.unit') as predecessor,
        json_extract_string(line, '$.successor') as successor,
        json_extract_string(line, '$.indicator') as indicator,
        json_extract_string(line, '$.share')::decimal(7, 6) as share,
        json_extract_string(line, '$.basis') as basis,
        decision,
        1 as precedence
    from core.decision
    where kind = 'allocate' and status = 'applied'
    union all
    select
        shared.predecessor, shared.successor, shared.indicator,
        shared.share::decimal(7, 6) as share, shared.source as basis, null as decision, 2 as precedence
    from (
        select unnest(
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
    indicator, -- id in the catalogue; NULL: of all that adds up
    share, -- of the divided unit's figures, 0..1
    basis, -- what the share rests on: the decision's own words, or the catalogue's source
    decision -- id of the decision; NULL: the catalogue states it
from stated
qualify row_number() over (partition by predecessor, successor, indicator order by precedence) = 1
order by predecessor, successor, indicator nulls first;
