-- One row per directive that documents of the unit or its former units cite.
select
    directive.kind,
    directive.number,
    directive.issued_on,
    directive.issuer,
    directive.title,
    directive.origins
from marts.directive
where directive.unit = $unit
order by
    directive.issued_on nulls last, directive.kind, directive.number, directive.title,
    directive.issuer
