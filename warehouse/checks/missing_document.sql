-- check: missing-document
-- grain: one row per former unit that sent no document and whose figures of the latest day nobody else reports
-- severity: soft
select
    absent.part as unit,
    absent.as_of,
    map {'unit': unit.type || ' ' || unit.name} as facts
from absent
join core.unit on unit.unit = absent.part
order by all
