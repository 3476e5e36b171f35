-- One row per finding, what blocks issuing first; with the figure and the wording that it is about, if
-- there is one, and the other figures of the same thing.
with wording as (
    select finding.finding, any_value(observation.label) as label
    from core.finding
    join core.observation
        on
            observation.document = finding.document
            and observation."table" is not distinct from finding."table"
            and observation."row" = finding."row"
            and observation."column" is not distinct from finding."column"
            and (observation."table" is not null or observation.text = finding.text)
    where
        finding.code in ('label-unmatched', 'label-ambiguous', 'sentence-unmatched')
        and observation.indicator is null
    group by finding.finding
    having count(distinct observation.label) = 1
),

rival as (
    select
        one.observation,
        list(
            {
                'observation': other.observation, 'value': other.printed_value,
                'file_name': document.file_name
            }
            order by other.printed_value, other.observation
        ) as rivals
    from core.observation as one
    join core.observation as other
        on
            other.unit = one.unit
            and other.indicator = one.indicator
            and other.as_of = one.as_of
            and other.measure = one.measure
            and other.observation <> one.observation
            and other.status not in ('rejected', 'unmatched')
    join raw.document on document.document = other.document
    where one.observation in (select observation from core.finding)
    group by one.observation
)

select
    finding.code,
    finding.severity,
    finding.blocking,
    finding.message,
    finding.file_name,
    finding.page,
    finding."table",
    finding."row",
    finding."column",
    finding.text,
    finding.unit,
    finding.indicator,
    finding.finding,
    finding.document,
    finding.observation,
    observation.measure,
    observation.printed_value,
    wording.label,
    coalesce(rival.rivals, []) as rivals,
    finding.decision,
    finding.states
from core.finding
left join core.observation on observation.observation = finding.observation
left join wording on wording.finding = finding.finding
left join rival on rival.observation = finding.observation
order by
    finding.blocking desc,
    list_position(['error', 'warning', 'info'], finding.severity),
    finding.file_name nulls first,
    finding.page nulls first,
    finding."table" nulls first,
    finding."row" nulls first,
    finding."column" nulls first,
    finding.code,
    finding.indicator nulls first,
    finding.message
