-- check: not-computed
-- grain: one row per (new unit, indicator, as_of) whose rule gives no value though the figures are there
-- severity: soft
with reason (status, words) as (
    values
        ('not-additive', 'chỉ tiêu này không cộng hoặc gộp được từ số của các xã cũ'),
        ('not-allocated', 'một xã cũ bị chia tách, chưa có căn cứ phân bổ số liệu'),
        ('missing-weight', 'thiếu số dùng làm quyền số để tính bình quân'),
        ('zero-denominator', 'tổng mẫu số bằng 0'),
        ('out-of-range', 'kết quả vượt quá độ lớn lưu được')
)

select
    consolidated.unit,
    consolidated.indicator,
    consolidated.as_of,
    map {'label': any_value(indicator.name), 'reason': any_value(reason.words)} as facts
from marts.consolidated
join reason using (status)
join core.indicator using (indicator)
group by consolidated.unit, consolidated.indicator, consolidated.as_of, consolidated.status
order by all
