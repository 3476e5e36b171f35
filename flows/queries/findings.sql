-- One row per open finding, what blocks issuing first; notes only if they are asked for. With the figures and
-- the wording that a decision can be about.
with side as (
    select
        conflict.unit, conflict.indicator, conflict.as_of, conflict.measure,
        list_transform(
            conflict.sources,
            lambda each: {'observation': each.observation, 'value': each.value::varchar, 'file_name': each.file_name}
        ) as sources
    from marts.conflict
),

wording as (
    select finding.finding, any_value(observation.label) as label
    from core.finding
    join core.observation
        on
            observation.document = finding.document
            and observation."row" = finding."row"
            and observation."table" is not distinct from finding."table"
            and observation."column" is not distinct from finding."column"
    where
        finding.code in ('label-unmatched', 'label-ambiguous', 'sentence-unmatched')
        and observation.indicator is null
    group by finding.finding
    having count(distinct observation.label) = 1
),

-- Documents of communes that the report is not on.
outside as (
    select document
    from core.finding
    where code = 'unit-outside' and "row" is null and document is not null
),

-- What a former unit gave no figure for: those units' names, and the indicator.
lacking as (
    select
        finding.finding,
        any_value(indicator.name) as named,
        list(part.type || ' ' || part.name order by part.name, part.unit) as parts
    from core.finding
    join marts.completeness
        on
            completeness.new_unit = finding.unit
            and completeness.indicator = finding.indicator
            and completeness.as_of = finding.as_of
    join core.indicator on indicator.indicator = finding.indicator
    join core.unit as part on part.unit = completeness.unit
    where finding.code = 'incomplete' and completeness.missing
    group by finding.finding
)

select
    finding.finding, code, severity, blocking, message, file_name, document,
    page, "table", "row", "column", text, finding.unit, finding.indicator, finding.observation,
    case when finding.code = 'conflict' then side.sources end as sources,
    wording.label,
    finding.states,
    finding.decision,
    lacking.parts,
    lacking.named,
    finding.document in (from outside) as outside
from core.finding
left join side
    on
        side.unit = finding.unit
        and side.indicator = finding.indicator
        and side.as_of = finding.as_of
        and side.measure = finding.measure
left join wording on wording.finding = finding.finding
left join lacking on lacking.finding = finding.finding
where severity <> 'info' or blocking or $notes
order by
    blocking desc, list_position(['error', 'warning', 'info'], severity),
    file_name nulls first, page nulls first, "table" nulls first, "row" nulls first,
    "column" nulls first, code, message
