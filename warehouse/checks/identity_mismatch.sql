-- check: identity-mismatch
-- grain: one row per figure whose parts, named by the catalogue, do not add up to it
-- severity: soft
with part as (
    select indicator as whole, name, unnest(identity) as indicator
    from core.indicator
),

added as (
    select
        part.whole, part.name, figure.unit, figure.as_of, figure.measure,
        try_cast(sum(figure.value) as decimal(24, 6)) as parts
    from part
    join figure using (indicator)
    where figure.measure in ('count', 'result')
    group by part.whole, part.name, figure.unit, figure.as_of, figure.measure
    having count(figure.value) = (select len(identity) from core.indicator where indicator = part.whole)
)

select
    observation.observation,
    map {
        'label': added.name,
        'parts': core.vietnamese_exact(added.parts),
        'total': core.vietnamese_exact(observation.comparable_value),
        'difference': core.vietnamese_exact(added.parts - observation.comparable_value)
    } as facts
from added
join figure
    on
        figure.indicator = added.whole
        and figure.unit = added.unit
        and figure.as_of = added.as_of
        and figure.measure = added.measure
join core.observation on observation.observation = figure.observation
where figure.value <> added.parts
order by all
