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

-- What reading has told of a place is not told again.
everything as (
    select *, false as by_check from read
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
)

select
    substr(
        sha256(
            concat_ws(
                '|', everything.code, everything.document, everything.file_name, everything.page, everything."table",
                everything."row", everything."column", everything.unit, everything.indicator,
                everything.as_of, everything.measure, everything.message
            )
        ),
        1, 16
    ) as finding, -- id, the same as long as the finding is
    everything.code, -- stable, kebab-case; all are in core.finding_kind
    everything.severity, -- error, warning, info
    everything.blocking, -- whether it blocks issuing the report
    everything.message, -- what the officer reads: what happened, why it matters, what to do
    coalesce(everything.file_name, document.file_name) as file_name, -- name of the document
    everything.document, -- sha256 of the document; NULL where the finding is of no document
    everything.page::integer as page, -- 1-based; NULL where the format has no pages
    everything."table"::integer as "table", -- 0-based, in document order
    everything."row"::integer as "row", -- 0-based; for text the paragraph's index
    everything."column"::integer as "column", -- 0-based
    everything.text, -- the cell or the sentence as it stands in the document
    everything.unit, -- slug of the unit that it is about
    everything.indicator, -- id in the catalogue
    everything.as_of::date as as_of, -- day of the figure
    everything.measure, -- measure of the figure
    everything.observation -- id of the figure that it is about
from everything
left join raw.document on document.document = everything.document
qualify row_number() over (partition by finding order by everything.number) = 1
order by everything.by_check, everything.number;
