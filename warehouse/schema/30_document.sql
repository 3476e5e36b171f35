-- raw.document: one row per received document (sha256), with what its header says.
create table raw.document as
with keyed as (
    select
        *,
        case
            when unit is null or number is null or issued_on is null then document
            else concat_ws('|', unit, core.number_key(number), issued_on)
        end as identity
    from frame_document
)

select
    document, -- sha256 of the file's bytes
    file_name, -- as received
    media_type, -- IANA name for what the bytes are
    pages::integer as pages, -- number of pages; NULL where the format has none
    unit, -- slug of the unit that issued it; NULL when it could not be told
    number, -- số, ký hiệu
    issued_on::date as issued_on, -- day of issue
    as_of::date as as_of, -- last day of the period that its figures speak of
    kind, -- tên loại: Báo cáo, Kế hoạch
    title, -- trích yếu
    draft, -- calls itself a draft, or has no number
    supersession, -- what it does to an earlier document: replaces, corrects, supplements
    supersedes, -- số, ký hiệu of that earlier document, where it says
    printed_unit, -- unit as the document itself was understood, whatever a decision states
    printed_as_of::date as printed_as_of, -- likewise the day of its figures
    printed_draft, -- likewise whether it is a draft
    min(document) over (partition by identity) as same_document, -- sha256 that stands for all files with its unit, number and date
    received_at::timestamptz as received_at, -- when the file was received
    extractor -- extractor and version that read it
from keyed
order by document;
