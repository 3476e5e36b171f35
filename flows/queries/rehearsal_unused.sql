-- One row per figure of an indicator that must not be added to the unit's, and why; with its place.
with lineage as (
    select part, valid_from, valid_to, last_day from core.lineage where unit = $unit
),

judged as (
    select
        observation.*,
        case
            when observation.status in ('superseded', 'rejected', 'unmatched') then observation.status_reason
            when observation.status in ('corroborated', 'conflicting') then observation.status
            when contains(observation.unit, '/') then 'village'
            when observation.unit not in (select part from lineage) then 'other-unit'
            when observation.measure <> 'target' and observation.as_of <> $as_of then 'other-day'
            when
                observation.measure = 'result' and indicator.roll_up = 'ratio-of-sums'
                and observation.status in ('accepted', 'corrected')
                then 'rate'
        end as reason
    from core.observation
    left join core.indicator using (indicator)
    where observation.status_reason <> 'no-indicator'
)

select
    judged.observation, judged.reason, judged.unit, judged.as_of, judged.measure, judged.value,
    judged.unit_of_measure, judged.label, judged.page, judged."table", judged."row", judged."column",
    document.file_name,
    indicator.name as indicator_name,
    coalesce(unit.type || ' ' || unit.name, judged.unit) as unit_name
from judged
join raw.document using (document)
left join core.indicator using (indicator)
left join core.unit on unit.unit = judged.unit
where judged.reason is not null
order by judged.reason, document.file_name, judged."table" nulls first, judged."row", judged."column", judged.observation
