-- check: null-has-finding
-- grain: one row per consolidated figure without value that no finding speaks of
-- severity: hard
select consolidated.key, consolidated.status
from marts.consolidated
where
    consolidated.value is null
    -- A number without its total says no more where the rate is there.
    and not (
        consolidated.measure = 'count'
        and consolidated.status = 'incomplete'
        and exists (
            select *
            from marts.consolidated as rate
            where
                rate.unit = consolidated.unit
                and rate.indicator = consolidated.indicator
                and rate.as_of = consolidated.as_of
                and rate.method = 'ratio-of-sums'
                and rate.value is not null
        )
    )
    and not exists (
        select *
        from core.finding
        where
            finding.unit = consolidated.unit
            and finding.indicator = consolidated.indicator
            and finding.as_of = consolidated.as_of
    )
    and not exists (
        select *
        from core.finding
        join core.lineage on lineage.part = finding.unit
        where
            lineage.unit = consolidated.unit
            and (
                finding.code = 'missing-document'
                or (finding.indicator = consolidated.indicator and finding.as_of = consolidated.as_of)
            )
    )
order by all
