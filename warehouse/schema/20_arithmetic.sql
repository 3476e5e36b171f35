-- Exact arithmetic. DuckDB divides DECIMALs as DOUBLEs and rounds by a variable number of places as
-- a DOUBLE, so both are done on whole millionths (HUGEINT). What overflows is NULL.

-- Text to DECIMAL(24, 6) is 200 times slower than to the widest DECIMAL that fits 64 bits.
create macro core.exact(digits) as
    coalesce(try_cast(digits as decimal(18, 6))::decimal(24, 6), digits::decimal(24, 6));

create macro core.millionths(value) as (value::decimal(24, 6) * 1000000)::hugeint;

create macro core.from_millionths(whole) as
    try_cast(try_cast(whole as decimal(38, 0)) * 0.000001::decimal(6, 6) as decimal(24, 6));

-- Half away from zero, as ROUND_HALF_UP; NULL for a divisor of zero.
create macro core.quotient(dividend, divisor) as
    case
        when divisor <> 0 then try(
            case when (dividend < 0) = (divisor < 0) then 1::hugeint else -1::hugeint end
            * ((2 * abs(dividend::hugeint) + abs(divisor::hugeint)) // (2 * abs(divisor::hugeint)))
        )
    end;

-- numerator per so many of the denominator (100 for percent), half-up at 6 decimals; both in millionths.
create macro core.ratio(numerator, denominator, per) as
    core.from_millionths(core.quotient(try(numerator * (1000000 * per)::hugeint), denominator));

-- The last place that a figure was printed with, in millionths: 10000 for two decimals.
create macro core.last_place(decimals) as
    [1000000, 100000, 10000, 1000, 100, 10, 1][least(greatest(decimals, 0), 6) + 1]::hugeint;

create macro core.half_up(value, decimals) as
    core.from_millionths(
        core.quotient(core.millionths(value), core.last_place(decimals)) * core.last_place(decimals)
    );

-- Whether the coarser figure is the finer one rounded half-up or cut at the coarser's last place:
-- real reports print 2/3 as 66,67 and as 66,66. Figures and last places in millionths.
create macro core.is_rounded(coarse, coarse_place, fine) as
    coarse = core.quotient(fine, coarse_place) * coarse_place
    or coarse = (fine // coarse_place) * coarse_place;

create macro core.agrees(a, a_place, b, b_place) as
    a = b
    or (a_place > b_place and core.is_rounded(a, a_place, b))
    or (b_place > a_place and core.is_rounded(b, b_place, a));

-- A share of a figure, half-up at 6 decimals; without a share the figure itself.
create macro core.allocated(value, share) as
    case
        when share is null then value
        else core.from_millionths(
            core.quotient(try(core.millionths(value) * core.millionths(share)), 1000000)
        )
    end;
