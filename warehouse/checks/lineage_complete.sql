-- check: lineage-complete
-- grain: one row per consolidated value that not every former unit has an operand of, or operand of no figure
-- severity: hard
with operands as (
    select key, count(distinct part) as parts
    from marts.lineage
    group by key
)

select key, consolidated.parts_expected, operands.parts
from marts.consolidated
full join operands using (key)
where
    consolidated.key is null
    or (consolidated.value is not null and coalesce(operands.parts, 0) < consolidated.parts_expected)
    -- The levels of a year before may be of other units.
    or (
        consolidated.value is not null
        and operands.parts > consolidated.parts_expected
        and consolidated.method <> 'recompute'
    )
order by all
