-- temp.pooled: one row per consolidated attainment whose thresholds are known: whether the new unit as a
-- whole meets them. Thresholds of disadvantaged communes are lower: who meets the ordinary ones attains.
create temp table pooled as
with class as (
    select
        key,
        communes,
        case when bool_or(not met) then false when count(met) = count(*) then true end as attains,
        core.joined(list({'at': {'rates': rates, 'least': least}, 'what': words}), '; ') as words
    from marts.condition
    group by key, communes
),

compared as (
    select
        key,
        count(*) as classes,
        bool_or(attains) filter (communes = 'ordinary') as ordinary,
        bool_or(attains) filter (communes = 'disadvantaged') as disadvantaged,
        coalesce(max(words) filter (communes = 'ordinary'), max(words)) as words
    from class
    group by key
)

select
    key,
    case
        when classes = 1 then coalesce(ordinary, disadvantaged)
        when ordinary = disadvantaged then ordinary
        when ordinary and disadvantaged is null then true
    end as attains,
    case
        when attains is not null then 'complete'
        when classes = 2 and ordinary <> disadvantaged then 'depends-on-class'
        when classes = 2 and not ordinary then 'depends-on-class'
        else 'missing-count'
    end as status,
    words
from compared;
