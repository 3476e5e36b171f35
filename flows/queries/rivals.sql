-- One row per other figure of the same unit, indicator, day and measure that takes part, with its place.
select other.*, document.file_name, one.observation as against
from core.observation as one
join core.observation as other
    on
        other.unit = one.unit
        and other.indicator = one.indicator
        and other.as_of = one.as_of
        and other.measure = one.measure
        and other.observation <> one.observation
join raw.document on document.document = other.document
where one.observation = $key and other.status not in ('rejected', 'unmatched')
order by other.printed_value, other.observation
