-- check: attainment-not-borne-out
-- grain: one row per attainment that all former units state though their own pooled counts miss its thresholds
-- severity: soft
select
    consolidated.unit,
    consolidated.indicator,
    consolidated.as_of,
    consolidated.measure,
    map {'label': indicator.name, 'conditions': consolidated.pooled_equation} as facts
from marts.consolidated
join core.indicator using (indicator)
where consolidated.value = 100 and consolidated.pooled_value = 0
order by all
