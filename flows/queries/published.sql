-- What a published warehouse was made of: documents, decisions, and what the inbox held that was refused.
select 'document' as what, document as id from raw.document
union all
select 'decision', decision from core.decision
union all
select code, file_name
from core.finding
where code in ('link-refused', 'not-a-regular-file', 'unreadable-file') and document is null
