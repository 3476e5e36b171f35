-- core.finding: one row per finding: doubts and faults met when reading, then those that the soft checks found.
create table core.finding as
with checked as (
    select
        coalesce(found.code, found.check_name) as code,
        kind.severity,
        kind.blocking,
        core.fill(kind.message, found.facts) as message,
        coalesce(found.document, observation.document) as document,
        observation.page,
        observation."table",
        observation."row",
        observation."column",
        observation.text,
        coalesce(found.unit, observation.unit) as unit,
        coalesce(found.indicator, observation.indicator) as indicator,
        coalesce(found.as_of, observation.as_of) as as_of,
        coalesce(found.measure, observation.measure) as measure,
        found.observation,
        row_number() over (order by found.check_order, found.place) as number
    from found
    left join core.finding_kind as kind on kind.code = coalesce(found.code, found.check_name)
    left join core.observation on observation.observation = found.observation
),

read as (
    select
        code, severity, blocking, message, document,
        page, "table", "row", "column", text, unit, indicator,
        file_name, row_number() over () as number
    from frame_finding
),

-- A finding of reading is on a place: on its figure, where the place holds exactly one.
placed as (
    select read.number, any_value(observation.observation) as observation
    from read
    join core.observation
        on
            observation.document = read.document
            and observation."row" = read."row"
            and observation."table" is not distinct from read."table"
            and observation."column" is not distinct from read."column"
            and (read."table" is not null or observation.text = read.text)
    -- These are on numerals beside the figures of their place, not on those.
    where read.code not in ('numeral-not-read', 'numeral-without-meaning')
    group by read.number
    having count(*) = 1
),

-- What reading has told of a place is not told again.
everything as (
    select read.*, placed.observation, false as by_check
    from read
    left join placed using (number)
    union all by name
    select *, true as by_check
    from checked
    where not exists (
        select *
        from read
        where
            read.code = checked.code
            and read.document = checked.document
            and read.page is not distinct from checked.page
            and read."table" is not distinct from checked."table"
            and read."row" is not distinct from checked."row"
            and read."column" is not distinct from checked."column"
    )
),

told as (
    select
        substr(
            sha256(
                concat_ws(
                    '|', everything.code, everything.document, everything.file_name, everything.page,
                    everything."table", everything."row", everything."column", everything.unit,
                    everything.indicator, everything.as_of, everything.measure, everything.message
                )
            ),
            1, 16
        ) as finding,
        everything.*
    from everything
    qualify row_number() over (partition by finding order by everything.number) = 1
),

accepted as (
    select finding, arg_max(decision, (decided_at, decision)) as decision
    from (
        select decision, decided_at, unnest(findings) as finding
        from core.decision
        where kind = 'accept' and status = 'applied'
    )
    group by finding
)

select
    told.finding, -- id, the same as long as the finding is
    told.code, -- stable, kebab-case; all are in core.finding_kind
    told.severity, -- error, warning, info
    told.blocking and accepted.decision is null as blocking, -- whether it blocks issuing the report
    told.message, -- what the officer reads: what happened, why it matters, what to do
    coalesce(told.file_name, document.file_name) as file_name, -- name of the document
    told.document, -- sha256 of the document; NULL where the finding is of no document
    told.page::integer as page, -- 1-based; NULL where the format has no pages
    told."table"::integer as "table", -- 0-based, in document order
    told."row"::integer as "row", -- 0-based; for text the paragraph's index
    told."column"::integer as "column", -- 0-based
    told.text, -- the cell or the sentence as it stands in the document
    told.unit, -- slug of the unit that it is about
    told.indicator, -- id in the catalogue
    told.as_of::date as as_of, -- day of the figure
    told.measure, -- measure of the figure
    told.observation, -- id of the one figure that it is about
    accepted.decision, -- id of the decision that accepts it, so that it blocks no longer
    case
        when told.code in ('unit-not-valid', 'unit-outside') then 'unit'
        when told.code = 'as-of-assumed' then 'as_of'
        when told.code in ('unit-unknown', 'unit-ambiguous') and document.unit is null then 'unit'
        when told.code = 'as-of-unknown' and document.as_of is null then 'as_of'
        when told.code = 'draft-document' then 'draft'
    end as states -- what a decision on its document can state to settle it: unit, as_of, draft
from told
left join accepted using (finding)
left join raw.document on document.document = told.document
order by told.by_check, told.number;

-- Whether an acceptance meets its findings shows only now. Where they are gone there is nothing to
-- ask again: what has changed is a finding with an id of its own.
update core.decision
set status = 'unused'
where
    kind = 'accept' and status = 'applied'
    and not list_has_any(findings, (select coalesce(list(finding), []) from core.finding));
