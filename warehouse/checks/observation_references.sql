-- check: observation-references
-- grain: one row per observation of a document or an indicator that is not there
-- severity: hard
select observation, document, indicator
from core.observation
where
    document not in (select document from raw.document)
    or indicator not in (select indicator from core.indicator)
order by all
