"""Tables that go on over the page: one grid, one header, a split row one row again."""

from __future__ import annotations

import re
from typing import Final

from extractors.pdf_tables import Part, PartCell, first_word_fits, separator

_NEAR: Final = 3.0
_NEAR_ON_SCANS: Final = 6.0
_MOST_SHIFT: Final = 40.0
"""Points by which two scanned pages may lie apart on their sheets."""
_ALIKE: Final = 80.0
"""Likeness in percent from which two readings of a scan may be of the same header."""
_FIGURE: Final = re.compile(r"[\d.,/%()\s–-]*\d[\d.,/%()\s–-]*|[-–x]|[IVXLC]+\.?|\w[.)]")
"""A number, a blank sign or a row's ordinal: what a split text never begins or ends with."""


def goes_on(above: Part, below: Part) -> bool:
    """Whether the part below has the columns of the one above, so that it may continue it."""
    near, shift = _NEAR, 0.0
    if above.scanned or below.scanned:
        # No two sheets lie on the glass alike.
        near, shift = _NEAR_ON_SCANS, above.xs[0] - below.xs[0]
    moved = [x + shift for x in below.xs]
    fewer, more = sorted((above.xs, moved), key=len)
    ends_meet = abs(fewer[0] - more[0]) <= near and abs(fewer[-1] - more[-1]) <= near
    is_near = abs(shift) <= _MOST_SHIFT
    return is_near and ends_meet and all(any(abs(x - y) <= near for y in more) for x in fewer)


def put_together(above: Part, below: Part) -> None:
    """Append the part below to the one above: repeated header dropped, a split row joined.

    Where it is doubtful whether two rows are one, they stay two and ``doubts`` names their cells.
    """
    _align_columns(above, below)
    repeated = _repeated_rows(above, below)
    if repeated:
        above.header_rows = max(above.header_rows or 0, repeated)
        above.repeated += [cell.text for cell in below.cells if cell.row < repeated]
        below.cells = [cell for cell in below.cells if cell.row >= repeated]
    first = [cell for cell in below.cells if cell.row == repeated]
    pairs = [(_reaching(above, cell), cell) for cell in first]
    is_open = above.open_bottom or below.open_top
    verdict = _one_row(pairs, is_open=is_open, is_numbered=_is_numbered(above))
    if verdict is None:
        above.doubts += [cell for cell in first if cell.text]
    offset = above.rows - repeated - (1 if verdict else 0)
    absorbed: set[int] = set()
    for upper, lower in pairs:
        if upper is not None and (verdict or _is_one_tall_cell(upper, lower)):
            _absorb(upper, lower, is_same_row=bool(verdict))
            absorbed.add(id(lower))
    for cell in below.cells:
        if id(cell) not in absorbed:
            cell.row += offset
            above.cells.append(cell)
    above.repeated += below.repeated
    above.rows += below.rows - repeated - (1 if verdict else 0)
    above.open_bottom = below.open_bottom


def _align_columns(above: Part, below: Part) -> None:
    """Give both parts the same column edges: those of the one that shows more of them."""
    more = max(above.xs, below.xs, key=len)
    for part in (above, below):
        place = [min(range(len(more)), key=lambda k: abs(more[k] - x)) for x in part.xs]
        for cell in part.cells:
            end = place[cell.column + cell.column_span]
            cell.column = place[cell.column]
            cell.column_span = end - cell.column
    above.xs = below.xs = list(more)


def _repeated_rows(above: Part, below: Part) -> int:
    """How many leading rows of the part below repeat those of the table: its header."""
    repeated = 0
    while repeated < below.rows - 1:
        row = _row(below, repeated)
        first = _row(above, repeated)
        is_scan = above.scanned or below.scanned
        is_same = row == first or (is_scan and _are_alike(row, first))
        if not is_same or not any(text.strip() for *_, text in row):
            break
        repeated += 1
    # A header cell that spans rows is repeated whole or not at all.
    while any(c.row < repeated < c.row + c.row_span for c in below.cells):
        repeated -= 1
    return repeated


def _row(part: Part, row: int) -> list[tuple[int, int, int, str]]:
    return sorted(
        (cell.column, cell.column_span, cell.row_span, " ".join(cell.text.split()))
        for cell in part.cells
        if cell.row == row
    )


def _are_alike(
    row: list[tuple[int, int, int, str]], other: list[tuple[int, int, int, str]]
) -> bool:
    """Whether two rows have the same cells, and texts as two readings of the same print differ.

    Figures must be the same: rows of data are alike but for them.
    """
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415 only scans need it

    if [cell[:3] for cell in row] != [cell[:3] for cell in other]:
        return False
    return all(
        [*filter(str.isdigit, a)] == [*filter(str.isdigit, b)] and ratio(a, b) >= _ALIKE
        for (*_, a), (*_, b) in zip(row, other, strict=True)
    )


def _reaching(above: Part, below: PartCell) -> PartCell | None:
    """The cell above that reaches the page's end in the same columns."""
    for cell in reversed(above.cells):
        same_columns = (cell.column, cell.column_span) == (below.column, below.column_span)
        if same_columns and cell.row + cell.row_span == above.rows:
            return cell
    return None


def _is_numbered(part: Part) -> bool:
    """Whether every row, the header aside, has something in the first column."""
    rows = {cell.row for cell in part.cells if cell.column == 0 and cell.text}
    return len(rows) > 2 and len(rows) == len({c.row for c in part.cells if c.column == 0})


def _one_row(
    pairs: list[tuple[PartCell | None, PartCell]], *, is_open: bool, is_numbered: bool
) -> bool | None:
    """Whether a page's last row and the next page's first are one split row; None: in doubt."""
    split = [(upper, lower) for upper, lower in pairs if upper is not None]
    if len(split) < len(pairs):
        return False
    both = [(upper, lower) for upper, lower in split if upper.text and lower.text]
    if any(_FIGURE.fullmatch(c.text) for pair in both for c in pair):
        return False
    if is_open:
        return True
    if not both:
        # Figures without any words stand for nothing themselves: the words are a page before.
        # A row without anything is the rest of the spacing below a row that the page cut.
        return all(_FIGURE.fullmatch(lower.text) for _, lower in split if lower.text)
    if any(first_word_fits(lower.lines[0], upper.room) for upper, lower in both):
        return False
    goes_on_in_lower_case = all(not lower.text[:1].isupper() for _, lower in both)
    has_own_number = bool(split[0][1].text)
    return True if goes_on_in_lower_case or (is_numbered and not has_own_number) else None


def _is_one_tall_cell(upper: PartCell, lower: PartCell) -> bool:
    """A cell merged over rows that the page cuts: its lower part is empty."""
    return not lower.text and max(upper.row_span, lower.row_span) > 1


def _absorb(upper: PartCell, lower: PartCell, *, is_same_row: bool) -> None:
    if lower.text:
        room = upper.room
        between = separator(upper.text, lower.lines[0], room) if upper.text else ""
        upper.text += between + lower.text
        upper.lines += lower.lines
    upper.row_span += lower.row_span - (1 if is_same_row else 0)
