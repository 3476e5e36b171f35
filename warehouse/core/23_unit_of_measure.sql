-- core.unit_of_measure: one row per unit of measure that can be converted into others of its family.
create table core.unit_of_measure as
select
    name, -- as documents write it, plain (core.plain)
    family, -- units of one family can be converted into each other
    factor::hugeint as factor -- how many of the family's smallest unit
from (
    values
        ('dong', 'money', 1),
        ('nghin dong', 'money', 1000),
        ('ngan dong', 'money', 1000),
        ('trieu dong', 'money', 1000000),
        ('ty dong', 'money', 1000000000),
        ('ti dong', 'money', 1000000000),
        ('m2', 'area', 1),
        ('ha', 'area', 10000),
        ('hec ta', 'area', 10000),
        ('km2', 'area', 1000000),
        ('kg', 'mass', 1),
        ('yen', 'mass', 10),
        ('ta', 'mass', 100),
        ('tan', 'mass', 1000)
) as known (name, family, factor)
order by family, factor, name;
