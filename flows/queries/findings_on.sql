-- One row per finding on a figure as it was read: on it alone, or on the place where it stands.
select finding.*
from core.finding
join core.observation on observation.observation = $key
where
    finding.observation = $key
    or (
        finding.document = observation.document
        and finding."row" = observation."row"
        and finding."table" is not distinct from observation."table"
        and finding."column" is not distinct from observation."column"
        and (finding."table" is not null or finding.text = observation.text)
    )
order by finding.blocking desc, finding.code, finding.finding
