-- check: not-computed
-- grain: one row per (new unit, indicator, as_of) whose rule gives no value though the figures are there
-- severity: soft
with reason (status, words) as (
    values
        ('not-additive', 'chỉ tiêu này không cộng hoặc gộp được từ số của các xã cũ'),
        ('not-allocated', 'chưa phân bổ'),
        ('missing-weight', 'thiếu số dùng làm quyền số để tính bình quân'),
        ('zero-denominator', 'tổng mẫu số bằng 0'),
        ('conflicting', 'mẫu số là số liệu của chỉ tiêu khác, số đó còn mâu thuẫn'),
        ('out-of-range', 'kết quả vượt quá độ lớn lưu được')
)

select
    consolidated.unit,
    consolidated.indicator,
    consolidated.as_of,
    map {
        'label': any_value(indicator.name),
        'reason': case
            when any_value(recomputed.lacking) is not null
                then 'chưa đủ số gộp để tính lại: ' || any_value(recomputed.lacking)
            when consolidated.status <> 'not-allocated' then any_value(reason.words)
            when bool_and(consolidated.method not in ('sum', 'ratio-of-sums'))
                then
                    'chưa phân bổ: ' || any_value(parts.names)
                    || ' bị chia tách hoặc chuyển đi một phần, mà số liệu loại này không phân bổ theo tỷ lệ được'
            else
                'chưa phân bổ: ' || any_value(parts.names)
                || ' bị chia tách hoặc chuyển đi một phần, chưa có căn cứ phân bổ nên số liệu để ngoài tổng'
        end
    } as facts
from marts.consolidated
join reason using (status)
join core.indicator using (indicator)
left join recomputed
    on
        recomputed.unit = consolidated.unit
        and recomputed.indicator = consolidated.indicator
        and recomputed.as_of = consolidated.as_of
        and recomputed.status = consolidated.status
left join (
    select
        divided.unit, divided.as_of, divided.indicator,
        string_agg(unit.type || ' ' || unit.name, ', ' order by unit.name, unit.unit) as names
    from divided
    join core.unit on unit.unit = divided.part
    group by divided.unit, divided.as_of, divided.indicator
) as parts
    on
        parts.unit = consolidated.unit
        and parts.as_of = consolidated.as_of
        and parts.indicator = consolidated.indicator
where
    -- What conflicts itself is told as a conflict.
    consolidated.status <> 'conflicting'
    or (consolidated.unit, consolidated.indicator, consolidated.as_of) not in (
        select (lineage.unit, conflict.indicator, conflict.as_of)
        from marts.conflict
        join core.lineage on lineage.part = conflict.unit
    )
group by consolidated.unit, consolidated.indicator, consolidated.as_of, consolidated.status
order by all
