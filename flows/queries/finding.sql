-- One finding by its id, with the wording that it is about where that is one of nobody's: one row, or none.
select
    finding.*,
    (
        select any_value(observation.label)
        from core.observation
        where
            observation.document = finding.document
            and observation."row" = finding."row"
            and observation."table" is not distinct from finding."table"
            and observation."column" is not distinct from finding."column"
            and observation.indicator is null
        having count(distinct observation.label) = 1
    ) as label
from core.finding
where finding.finding = $key
