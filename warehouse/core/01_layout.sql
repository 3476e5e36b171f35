-- core.layout: one row: which models this warehouse was built by.
create table core.layout as
select
    getvariable('layout') as layout -- digest of the models; one of another digest was built by another version
;
