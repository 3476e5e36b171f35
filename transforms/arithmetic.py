"""Whether printed figures fit each other, exactly.

A printed rate fits its numerator and denominator when it equals their ratio either rounded half-up
or cut at the printed precision: real reports do both (2/3 is printed 66,67 and 66,66).
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

HUNDRED = Decimal(100)


def ratio(numerator: Decimal, denominator: Decimal, decimals: int = 6) -> Decimal | None:
    """100 x numerator / denominator, half-up at ``decimals``; None for a denominator of 0."""
    if denominator == 0:
        return None
    return _quantised(HUNDRED * numerator, denominator, decimals, ROUND_HALF_UP)


def fits(numerator: Decimal, denominator: Decimal, rate: Decimal, decimals: int) -> bool:
    """Whether ``rate``, printed with ``decimals`` decimals, is 100 x numerator / denominator."""
    if denominator == 0:
        return False
    return any(
        _quantised(HUNDRED * numerator, denominator, decimals, rounding) == rate
        for rounding in (ROUND_HALF_UP, ROUND_DOWN)
    )


def rounds_to(fine: Decimal, coarse: Decimal, decimals: int) -> bool:
    """Whether ``coarse``, printed with ``decimals`` decimals, is ``fine`` rounded or cut."""
    last_place = Decimal(1).scaleb(-decimals)
    return any(
        fine.quantize(last_place, rounding) == coarse for rounding in (ROUND_HALF_UP, ROUND_DOWN)
    )


def one_digit_repairs(
    numerator: Decimal, denominator: Decimal, rate: Decimal, decimals: int
) -> list[str]:
    """The changes of one digit in one of the three figures that would make them fit.

    Proposals for a person to look at ('numerator 1.204 -> 1.284'), never to be applied.
    """
    names = ("numerator", "denominator", "rate")
    figures = (numerator, denominator, rate)
    repairs = []
    for position, (name, figure) in enumerate(zip(names, figures, strict=True)):
        for candidate in _one_digit_away(figure):
            changed = list(figures)
            changed[position] = candidate
            if fits(changed[0], changed[1], changed[2], decimals):
                repairs.append(f"{name} {figure} -> {candidate}")
    return repairs


def _one_digit_away(figure: Decimal) -> list[Decimal]:
    text = format(figure, "f")
    return [
        Decimal(text[:index] + digit + text[index + 1 :])
        for index, old in enumerate(text)
        if old.isdigit()
        for digit in "0123456789"
        if digit != old
    ]


def _quantised(top: Decimal, bottom: Decimal, decimals: int, rounding: str) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return (top / bottom).quantize(Decimal(1).scaleb(-decimals), rounding=rounding)
