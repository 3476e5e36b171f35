-- check: possible-double-count
-- grain: one row per school, dòng họ or learning centre that documents of several former communes name for one day
-- severity: soft
with place as (
    select document, text from raw.cell where not hidden
    union all
    select document, paragraph as text from core.section where paragraph is not null
    union all
    select document, text from core.observation where kind = 'text'
),

said as (
    select
        document,
        unnest(
            regexp_extract_all(
                text,
                '(?:(?i:trường\s+(?:mầm non|mẫu giáo|tiểu học và (?:trung học cơ sở|thcs)|tiểu học|trung học cơ sở'
                || '|trung học phổ thông|th\s?&\s?thcs|thcs\s?&\s?thpt|thcs|thpt|mn|th)'
                || '|dòng họ|tộc họ|dòng tộc'
                || '|(?:trung tâm học tập cộng đồng|tthtcđ)(?:\s+(?:liên xã|cụm|xã))?)'
                -- 'dân tộc Kinh' is no family.
                || '|Tộc)\s+(?:số \d+ )?\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+){0,3}'
            )
        ) as name
    from place
    where regexp_matches(text, '(?i:trường|tộc|dòng họ|trung tâm|tthtcđ)')
),

named as (
    select
        document,
        name,
        -- Written out, as one name is in one document and not in another.
        list_reduce(
            list_prepend(
                {'short': '', 'long': lower(regexp_replace(name, '\s+', ' ', 'g'))},
                [
                    {'short': '^trường (?:th ?& ?thcs|tiểu học và thcs) ',
                        'long': 'trường tiểu học và trung học cơ sở '},
                    {'short': '^trường thcs ', 'long': 'trường trung học cơ sở '},
                    {'short': '^trường thpt ', 'long': 'trường trung học phổ thông '},
                    {'short': '^trường th ', 'long': 'trường tiểu học '},
                    {'short': '^trường mn ', 'long': 'trường mầm non '},
                    {'short': '^(?:tộc họ|dòng tộc|tộc) ', 'long': 'dòng họ '},
                    {'short': '^tthtcđ ', 'long': 'trung tâm học tập cộng đồng '}
                ]
            ),
            lambda written, each: {'short': '', 'long': regexp_replace(written.long, each.short, each.long)}
        ).long as same
    from said
),

reported as (
    select
        part_on.unit,
        document.as_of,
        named.same,
        document.unit as part,
        any_value(unit.type || ' ' || unit.name) as part_name,
        arg_min(named.name, (document.file_name, document.document, named.name)) as name,
        min(document.file_name) as file_name
    from named
    join raw.document using (document)
    join core.unit on unit.unit = document.unit
    join part_on on part_on.part = document.unit and part_on.as_of = document.as_of
    -- 'Dòng họ Học tập', 'Dòng họ Văn hóa' are titles, 'TTHTCĐ Cấp xã' is anybody's.
    where not regexp_matches(named.same, '^dòng họ (?:học|hiếu|khuyến|văn)$|^.* cấp$|^trường .* đạt$')
    group by part_on.unit, document.as_of, named.same, document.unit
)

select
    unit,
    as_of,
    map {
        'label': arg_min(name, part),
        'units': string_agg(part_name || ' (' || file_name || ')', ', ' order by part)
    } as facts
from reported
group by unit, as_of, same
having count(*) > 1
order by all
