-- One row per wording that documents use for a figure and indicator that it was taken for; with one figure of it.
select
    label,
    indicator,
    count(*) as figures,
    count(distinct document) as documents,
    min(observation) as observation
from core.observation
where label <> ''
group by label, indicator
order by label, indicator
