-- marts.directive: one row per new unit and directive that documents of it or its former units cite.
create table marts.directive as
with citation as (
    select
        lineage.unit as new_unit,
        document.unit as citing_unit,
        directive.* exclude (issuer),
        -- A commune that cites itself writes 'UBND xã' without its name.
        directive.issuer
        || case
            when regexp_matches(directive.issuer, '(?i)(xã|phường|thị trấn)$') then ' ' || unit.name
            else ''
        end as issuer,
        core.plain(directive.kind) as plain_kind,
        coalesce(core.number_key(directive.number), core.plain(directive.title), '') as name
    from core.directive
    join raw.document using (document)
    join (select distinct unit, part from core.lineage) as lineage on lineage.part = document.unit
    join core.unit on unit.unit = document.unit
),

-- Số, ký hiệu name the issuing body, but of a local one not the place: '15/KH-UBND' is many. A body is
-- written in many ways, so that its place alone tells two directives of one number and day apart.
placed as (
    select
        *,
        nullif(
            regexp_replace(
                regexp_extract(
                    core.plain(issuer),
                    '\b(xa|phuong|thi tran|dac khu|huyen|quan|thi xa|thanh pho|tinh) .+'
                ),
                '^(\w+ .+?) (huyen|quan|thi xa|thanh pho|tinh) .*$', '\1'
            ),
            ''
        ) as place
    from citation
),

-- A later citation gives only kind and number: it is of the one document that these fit, if one.
known as (
    select
        * exclude (issued_on, place),
        case
            when count(distinct issued_on) over same <= 1 then max(issued_on) over same else issued_on
        end as issued_on,
        case when count(distinct place) over same <= 1 then max(place) over same else place end
            as place
    from placed
    window same as (partition by new_unit, plain_kind, name)
),

merged as (
    select
        new_unit as unit,
        issued_on,
        max(kind) as kind,
        arg_min(number, (len(number), number)) as number,
        arg_max(issuer, (len(issuer), issuer)) as issuer,
        arg_max(title, (len(title), title)) as title,
        core.in_order(
            list({
                'at': {
                    'unit': citing_unit, 'document': document, 'table': coalesce("table", -1),
                    'row': "row", 'column': "column", 'text': text
                },
                'what': {
                    'document': document, 'unit': citing_unit, 'page': page, 'table': "table",
                    'row': "row", 'column': "column", 'text': text
                }
            })
        ) as origins
    from known
    group by new_unit, plain_kind, name, issued_on, place
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
