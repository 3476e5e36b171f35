-- check: sum-is-its-operands
-- grain: one row per summed value that is not the sum of its operands
-- severity: hard
select consolidated.key, consolidated.value, sum(lineage.allocated) as operands
from marts.consolidated
join marts.lineage using (key)
where consolidated.method = 'sum' and consolidated.value is not null
group by consolidated.key, consolidated.value
having sum(lineage.allocated) is distinct from consolidated.value
order by all
