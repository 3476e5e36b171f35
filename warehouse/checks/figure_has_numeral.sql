-- check: figure-has-numeral
-- grain: one row per figure that no numeral of its document became, and per figure of a numeral that is not there
-- severity: hard
with became as (
    select distinct document, unnest(observations) as observation
    from core.numeral
)

select figure.document, observation, became.document as numeral_of
from core.observation as figure
full join became using (observation)
where figure.document is distinct from became.document
order by all
