-- marts.conflict: one row per (unit, indicator, as_of, measure) that sources disagree on and no rule or decision settles.
create table marts.conflict as
select
    observation.unit, -- whom the figure is of
    observation.indicator, -- id in the catalogue
    observation.as_of, -- day of the figure
    observation.measure, -- target, result, numerator, denominator, count
    min(observation.comparable_value) as least, -- lowest of the values
    max(observation.comparable_value) as greatest, -- highest of the values
    list(
        {
            'observation': observation.observation, 'value': observation.comparable_value,
            'document': observation.document, 'file_name': document.file_name,
            'page': observation.page, 'table': observation."table", 'row': observation."row",
            'column': observation."column", 'text': observation.text
        }
        order by observation.comparable_value, observation.observation
    ) as sources -- the disagreeing figures with their places
from core.observation
join raw.document using (document)
where observation.status = 'conflicting'
group by observation.unit, observation.indicator, observation.as_of, observation.measure
order by observation.unit, observation.indicator, observation.as_of, observation.measure;
