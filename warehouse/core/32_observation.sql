-- core.observation: one row per figure read from a document, reconciled with the others of its (unit, indicator, as_of, measure).
create table core.observation as
select
    reading.observation, -- id: the figure's place in its document, hashed
    reading.document, -- sha256 of the document
    reading.indicator, -- id in the catalogue; NULL if unmatched
    reading.label, -- the row's or sentence's own words
    reading.unit, -- whom the figure is of; a village is 'commune/village'
    reading.as_of, -- day that the figure is of; for a target the day by which it is to be reached
    reading.measure, -- target, result, numerator, denominator, count
    reading.value, -- as printed, or as a decision corrected it; NULL if it could not be kept exactly
    reading.unit_of_measure, -- of the value
    case
        when barred in ('decision', 'not-exact') then 'rejected'
        when barred is not null then 'unmatched'
        when decision_kind = 'correct' and coalesce(verdict.status, 'accepted') = 'accepted' then 'corrected'
        else coalesce(verdict.status, 'accepted')
    end as status, -- accepted, corroborated, superseded, conflicting, corrected, rejected, unmatched
    coalesce(
        barred,
        verdict.status_reason,
        case when decision is null then 'only-source' else 'decision' end
    ) as status_reason, -- the rule that gave the status
    verdict.settled_by, -- observation that is believed instead, or that this one agrees with
    reading.decision, -- id of the decision on it
    reading.printed_value, -- as it stands in the document, whatever a decision says
    case when barred is null then reading.comparable_value end as comparable_value, -- value in the indicator's own unit of measure, as it is compared and rolled up
    reading.decimals::integer as decimals, -- decimals printed
    reading.approximate, -- gần, khoảng, hơn
    reading.estimated, -- ước thực hiện
    reading.kind, -- table or text
    reading.page::integer as page, -- 1-based; NULL where the format has no pages
    reading."table"::integer as "table", -- 0-based, in document order
    reading."row"::integer as "row", -- 0-based; for text the paragraph's index
    reading."column"::integer as "column", -- 0-based
    reading.text, -- the cell or the sentence as it stands in the document
    case when reading.x0 is not null then [reading.x0, reading.top, reading.x1, reading.bottom] end as bbox, -- x0, top, x1, bottom in points, for PDFs
    reading.confidence -- how surely it was read, 0..1
from reading
left join verdict using (observation)
order by document, "table" nulls first, "row", "column", measure, observation;

drop table reading;
drop table contested;
drop table verdict;
