-- marts.directive: one row per new unit and directive that documents of it or its former units cite.
create table marts.directive as
with citation as (
    select
        lineage.unit as new_unit,
        document.unit as citing_unit,
        directive.*,
        core.plain(directive.kind) as plain_kind,
        coalesce(core.number_key(directive.number), core.plain(directive.title), '') as name,
        regexp_matches(directive.issuer, '(?i)(xã|phường|thị trấn)$') as of_itself,
        unit.name as citing_name
    from core.directive
    join raw.document using (document)
    join core.lineage on lineage.part = document.unit
    join core.unit on unit.unit = document.unit
),

-- A commune that cites itself writes 'UBND xã' without its name.
issued as (
    select
        *,
        case when of_itself then issuer || ' ' || citing_name else issuer end as full_issuer,
        core.issuer_key(full_issuer) as plain_issuer
    from citation
),

-- A later citation gives only kind and number: it is of the one document that these fit, if one.
known as (
    select
        *,
        case
            when issued_on is not null then issued_on
            when count(distinct issued_on) over same = 1 then max(issued_on) over same
        end as day,
        case
            when plain_issuer is not null then plain_issuer
            when count(distinct plain_issuer) over same = 1 then max(plain_issuer) over same
        end as body
    from issued
    window same as (partition by new_unit, plain_kind, name)
),

merged as (
    select
        new_unit as unit,
        day as issued_on,
        arg_min(kind, (document, "table", "row", "column")) as kind,
        arg_min(number, (document, "table", "row", "column")) as number,
        arg_max(full_issuer, (len(full_issuer), full_issuer)) as issuer,
        arg_max(title, (len(title), title)) as title,
        list(
            {
                'document': document, 'unit': citing_unit, 'page': page, 'table': "table",
                'row': "row", 'column': "column", 'text': text
            }
            order by citing_unit, document, "table", "row", "column", text
        ) as origins
    from known
    group by new_unit, plain_kind, name, day, body
)

select
    unit, -- slug of the new unit
    kind, -- Quyết định, Kế hoạch, Công văn
    number, -- số, ký hiệu
    issued_on, -- day of issue
    issuer, -- who issued it, in the fullest wording met
    title, -- trích yếu, in the fullest wording met
    origins -- who cites it where: document, unit, page, table, row, column, text
from merged
order by unit, issued_on nulls last, kind, number, title, origins;
