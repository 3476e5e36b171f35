-- temp.found: one row per finding of a soft check, as the checks fill it in: the figure that it is about,
-- or what it is about instead, and the facts for its message.
create temp sequence place;
create temp table found (
    check_order integer,
    check_name varchar,
    place bigint default nextval('place'),
    code varchar, -- where a check tells several kinds apart; else the check's name
    observation varchar,
    document varchar,
    unit varchar,
    indicator varchar,
    as_of date,
    measure varchar,
    facts map (varchar, varchar)
);
