-- marts.lineage: one row per consolidated figure and operand: a former unit's figure that it is made of, or that bounds it.
create table marts.lineage as
with from_levels as (
    select (unit, indicator, as_of)
    from recomputed
    where status = 'complete'
),

of_parts as (
    select
        rolled_up.*, operand.part, operand.indicator as operand_indicator,
        operand.measure as operand_measure, operand.observation, operand.share, operand.basis
    from rolled_up
    join operand using (unit, indicator, as_of, measure)
    where
        rolled_up.method <> 'ratio-of-sums'
        and not (rolled_up.measure = 'result' and (unit, indicator, as_of) in (from from_levels))
    union all
    -- A rate is made of numerators and denominators; the printed rate counts where one is missing.
    select
        rolled_up.*, operand.part, operand.indicator as operand_indicator,
        operand.measure as operand_measure, operand.observation, operand.share, operand.basis
    from rolled_up
    join operand using (unit, indicator, as_of)
    where
        rolled_up.method = 'ratio-of-sums'
        and operand.measure in ('numerator', 'denominator', 'result')
    qualify
        operand.measure <> 'result'
        or count(operand.value) filter (operand.measure <> 'result')
            over (partition by operand.unit, operand.indicator, operand.as_of, operand.part) < 2
    union all
    select
        rolled_up.*, weight.part, weight.indicator as operand_indicator,
        weight.measure as operand_measure, weight.observation, null as share, null as basis
    from rolled_up
    join method using (indicator, measure)
    join weight
        on
            weight.unit = rolled_up.unit
            and weight.indicator = method.weight
            and weight.as_of = rolled_up.as_of
    where rolled_up.method = 'weighted-average'
),

-- What is recomputed from levels is made of what these are made of.
used as (
    select * from of_parts
    union all
    select
        rolled_up.*, of_parts.part, of_parts.operand_indicator,
        of_parts.operand_measure, of_parts.observation, of_parts.share, of_parts.basis
    from rolled_up
    join (
        select distinct unit, indicator, as_of, level, level_measure, level_as_of
        from needed_level
    ) as needed using (unit, indicator, as_of)
    join of_parts
        on
            of_parts.unit = needed.unit
            and of_parts.indicator = needed.level
            and of_parts.as_of = needed.level_as_of
            and of_parts.measure = needed.level_measure
    where rolled_up.measure = 'result' and (unit, indicator, as_of) in (from from_levels)
),

placed as (
    select used.*, used.observation as source
    from used
    where used.observation is not null
    union all
    -- Where the sources of an operand conflict, each of them is shown.
    select used.*, observation.observation as source
    from used
    join core.observation
        on
            observation.unit = used.part
            and observation.indicator = used.operand_indicator
            and observation.as_of = used.as_of
            and observation.measure = used.operand_measure
    where used.observation is null and observation.status = 'conflicting'
)

select
    concat_ws('/', placed.unit, placed.indicator, placed.as_of, placed.measure) as key, -- of the consolidated figure
    placed.unit, -- slug of the new unit
    placed.indicator, -- id in the catalogue
    placed.as_of, -- day of the figure
    placed.measure, -- measure of the consolidated figure
    placed.part, -- slug of the former unit
    placed.operand_indicator, -- indicator of the operand: another one where it is a weight or a level
    placed.operand_measure, -- measure of the operand
    observation.comparable_value as value, -- of the operand, in the indicator's unit of measure
    case
        when observation.unit_of_measure <> '' and observation.comparable_value = observation.value
            then observation.unit_of_measure
        else coalesce(method.unit_of_measure, '')
    end as unit_of_measure, -- of value: the document's own words, or the indicator's where it was converted or none is stated
    observation.status, -- accepted, corrected, conflicting
    observation.observation, -- id of the operand's observation
    observation.document, -- sha256 of its document
    document.file_name, -- name of its document
    observation.page, -- 1-based; NULL where the format has no pages
    observation."table", -- 0-based, in document order
    observation."row", -- 0-based; for text the paragraph's index
    observation."column", -- 0-based
    observation.text, -- the cell or the sentence as it stands in the document
    placed.share, -- of a divided part's figure, what is allocated to the new unit, 0..1; NULL: all of it, or none yet
    placed.basis, -- what the share rests on
    core.allocated(observation.comparable_value, placed.share) as allocated -- value times share: what enters the figure
from placed
join core.observation on observation.observation = placed.source
join raw.document using (document)
left join method on method.indicator = placed.operand_indicator and method.measure = placed.operand_measure
order by
    placed.unit, placed.indicator, placed.as_of, placed.measure,
    placed.part, placed.operand_measure, observation.observation;
