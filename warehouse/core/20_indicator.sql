-- core.indicator: one row per indicator of the catalogue.
create table core.indicator as
select
    indicator, -- id in the catalogue
    name, -- Vietnamese name
    "group", -- id of its group
    group_name, -- Vietnamese name of its group
    kind, -- count, rate, attainment, level, amount, average, growth, list
    roll_up, -- rule by which former units' figures become the new unit's
    unit_of_measure, -- of its results and targets
    precision::integer as precision, -- decimals that a report shows
    numerator, -- name of its numerator
    numerator_unit_of_measure, -- unit of its numerator
    denominator, -- name of its denominator
    denominator_unit_of_measure, -- unit of its denominator
    denominator_indicator, -- the count that is the same quantity as a row of its own
    weight, -- indicator that weights an average
    from_json(identity, '["VARCHAR"]') as identity, -- indicators whose sum equals this one
    minimum::decimal(24, 6) as minimum, -- lowest plausible value
    maximum::decimal(24, 6) as maximum, -- highest plausible value for one commune
    valid_from::date as valid_from, -- first day on which it is asked for
    valid_to::date as valid_to, -- last day on which it is asked for
    definition, -- what is measured
    source, -- where it is defined
    certainty -- V read, V2 read in a secondary source, I inferred, NV not verified
from frame_indicator
order by indicator;
