-- core.threshold: one row per attainment, class of communes and rates that it needs, those of the attainments that it includes among them.
create table core.threshold as
with recursive included as (
    select distinct indicator, indicator as standard
    from frame_threshold
    union
    select included.indicator, frame_threshold.attainment
    from included
    join frame_threshold on frame_threshold.indicator = included.standard
    where frame_threshold.attainment is not null
),

-- Mức độ 3 asks more of a rate than mức độ 1, which it includes: the most that is asked.
needed as (
    select
        included.indicator,
        class.communes,
        frame_threshold.* exclude (indicator, communes, attainment, least),
        frame_threshold.least::decimal(24, 6) as least
    from included
    join frame_threshold on frame_threshold.indicator = included.standard
    cross join unnest(['ordinary', 'disadvantaged']) as class (communes)
    where
        frame_threshold.attainment is null
        and frame_threshold.communes in ('all', class.communes)
    qualify
        row_number() over (
            partition by included.indicator, class.communes, frame_threshold.rates
            order by frame_threshold.least::decimal(24, 6) desc, frame_threshold.legal_basis
        ) = 1
)

select
    indicator, -- id of the attainment
    communes, -- whom it binds: ordinary communes, or disadvantaged ones (đặc biệt khó khăn)
    from_json(rates, '["VARCHAR"]') as rates, -- ids of the rates that are added and compared
    least, -- what they have to be together, in percent
    legal_basis, -- số, ký hiệu and article
    source, -- where this was read
    certainty -- V read, V2 read in a secondary source, I inferred, NV not verified
from needed
order by indicator, communes, rates;
