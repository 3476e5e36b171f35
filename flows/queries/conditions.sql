-- One row per condition of an attainment's standard, what binds ordinary communes first. What binds
-- both classes alike is one row.
select
    case when count(*) = 2 then 'all' else any_value(condition.communes) end as communes,
    met, words, legal_basis, keys
from marts.condition
where key = $key
group by met, words, legal_basis, keys
order by max(condition.communes) = 'disadvantaged' and count(*) = 1, keys, words
