-- temp.verdict: one row per figure that is not the only one of its (unit, indicator, as_of, measure):
-- which of them is believed, and why the others are not.
create temp table contested as
with place as (
    select unit, indicator, as_of, measure, row_number() over (order by unit, indicator, as_of, measure) as place
    from reading
    where barred is null
    group by unit, indicator, as_of, measure
    having count(*) > 1
)

select
    place.place,
    reading.observation,
    reading.kind,
    core.millionths(reading.comparable_value) as value,
    reading.last_place,
    reading.decided_at as settled_at,
    reading.decision_others as seen, -- NULL: all
    {'observation': reading.observation, 'value': reading.printed_value} as as_seen,
    -- An approximate figure neither beats an exact one nor conflicts with it.
    not reading.approximate
    or reading.decided_at is not null
    or bool_and(reading.approximate) over (partition by place.place) as competes,
    document.same_document as document,
    document.unit as issuer,
    core.plain(document.kind) as document_kind,
    document.as_of as document_as_of,
    document.issued_on,
    core.number_key(document.number) as number,
    document.draft,
    case when document.supersession in ('replaces', 'corrects') then document.supersession end as supersession,
    core.number_key(document.supersedes) as supersedes,
    coalesce(document.unit = split_part(reading.unit, '/', 1), false) as own,
    row_number() over (
        partition by place.place
        order by
            reading.decided_at desc nulls last,
            not reading.approximate desc,
            own desc,
            document.draft,
            reading.last_place,
            document.issued_on desc nulls last,
            reading.kind = 'table' desc,
            reading.confidence desc,
            document.document,
            reading.observation
    ) as preference
from reading
join place using (unit, indicator, as_of, measure)
join raw.document on document.document = reading.document
where reading.barred is null;

create temp table verdict as
with paired as (
    -- The first rule that tells two figures apart decides; it holds for one of the two at most.
    select
        loser.observation,
        winner.observation as winner,
        winner.preference,
        case
            -- A decision tells only between the figures that were seen when it was taken.
            when
                winner.settled_at > coalesce(loser.settled_at, '-infinity'::timestamptz)
                and coalesce(list_contains(winner.seen, loser.as_seen), true)
                then 'decision'
            when
                loser.settled_at >= coalesce(winner.settled_at, '-infinity'::timestamptz)
                and coalesce(list_contains(loser.seen, winner.as_seen), true)
                then null
            when winner.issuer = loser.issuer and winner.draft <> loser.draft
                then case when loser.draft then 'draft' end
            when
                winner.issuer = loser.issuer and winner.document <> loser.document
                and (
                    winner.supersedes = loser.number
                    or (
                        winner.supersedes is null
                        and winner.document_as_of = loser.document_as_of
                        and winner.issued_on > loser.issued_on
                    )
                )
                and winner.supersession is not null
                then winner.supersession
            when
                winner.issuer = loser.issuer and loser.supersession is not null
                and loser.supersedes = winner.number
                then null
            when
                winner.issuer = loser.issuer
                and winner.document_kind = loser.document_kind
                and winner.document_as_of = loser.document_as_of
                and winner.issued_on <> loser.issued_on
                then case when winner.issued_on > loser.issued_on then 'later-document' end
            when winner.document = loser.document and winner.kind <> loser.kind
                then case when winner.kind = 'table' then 'table-over-text' end
            when winner.own and not loser.own then 'own-figure'
        end as rule
    from contested as winner
    join contested as loser using (place)
    where
        winner.competes and loser.competes
        and winner.observation <> loser.observation
        and not core.agrees(winner.value, winner.last_place, loser.value, loser.last_place)
),

beaten as (
    select observation, arg_min(rule, preference) as rule, arg_min(winner, preference) as winner
    from paired
    where rule is not null
    group by observation
),

standing as (
    select
        contested.*,
        beaten.rule,
        beaten.winner,
        competes and beaten.observation is null as stands,
        min(preference) filter (competes and beaten.observation is null)
            over (partition by place) as best_preference
    from contested
    left join beaten using (observation)
),

best as (
    select place, observation, value, last_place
    from standing
    where preference = best_preference
),

compared as (
    select
        standing.*,
        best.observation as best,
        coalesce(
            core.agrees(standing.value, standing.last_place, best.value, best.last_place), false
        ) as agrees
    from standing
    left join best using (place)
),

settled as (
    -- No figure stands where the rules go round in a circle; then all that compete conflict.
    select *, bool_or((stands and not agrees) or best is null) over (partition by place) as clash
    from compared
)

select
    observation,
    case
        when not competes and (clash or not agrees) then 'superseded'
        when clash and (stands or best is null) then 'conflicting'
        when clash then 'superseded'
        when observation = best then 'accepted'
        when agrees then 'corroborated'
        else 'superseded'
    end as status,
    case
        when not competes and (clash or not agrees) then 'approximate'
        when clash and (stands or best is null) then 'sources-differ'
        when clash then rule
        when observation = best and settled_at is not null then 'decision'
        when observation = best
            then
                case
                    when count(*) filter (agrees) over (partition by place) > 1 then 'agreed'
                    else 'preferred'
                end
        when agrees then 'agrees'
        else rule
    end as status_reason,
    case
        when observation = best then null
        when clash then winner
        else coalesce(case when agrees then best end, winner, best)
    end as settled_by
from settled;
