from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfplumber import table as finder

from extractors import pdf_tables
from extractors.pdf_graphics import Rule
from extractors.pdf_page import Piece
from extractors.pdf_tables import TooManyRulesError, find_parts, joined_text


def flat(y: float, left: float, right: float) -> Rule:
    return Rule(left, y, right, y)


def upright(x: float, top: float, bottom: float) -> Rule:
    return Rule(x, top, x, bottom)


def grid(xs: list[float], ys: list[float]) -> list[Rule]:
    return [flat(y, xs[0], xs[-1]) for y in ys] + [upright(x, ys[0], ys[-1]) for x in xs]


def spans(part) -> set[tuple[int, int, int, int]]:
    return {(c.row, c.column, c.row_span, c.column_span) for c in part.cells}


XS, YS = [50.0, 100.0, 300.0, 400.0], [100.0, 120.0, 140.0, 160.0]


def test_a_full_grid():
    (part,) = find_parts(grid(XS, YS), 1)
    assert (part.rows, len(part.xs) - 1) == (3, 3)
    assert spans(part) == {(row, column, 1, 1) for row in range(3) for column in range(3)}
    assert not part.open_bottom


def test_missing_rules_make_spans():
    rules = [rule for rule in grid(XS, YS) if rule != upright(300, 100, 160)]
    rules.append(upright(300, 120, 160))
    (part,) = find_parts(rules, 1)
    assert (0, 1, 1, 2) in spans(part)
    assert (1, 1, 1, 1) in spans(part)


def test_double_and_broken_lines_are_one():
    rules = [*grid(XS, YS), upright(101.5, 100, 160), flat(120, 50, 399)]
    rules += [flat(140.5, 50, 200), flat(140.2, 202, 400)]
    (part,) = find_parts(rules, 1)
    assert part.rows == 3


def test_a_row_that_the_page_cuts_is_closed_by_the_page():
    rules = [flat(y, 50, 400) for y in YS[:3]] + [upright(x, 100, 190) for x in XS]
    (part,) = find_parts(rules, 1)
    assert part.rows == 3
    assert part.open_bottom
    assert not part.open_top


def test_a_table_without_outer_sides_is_closed():
    rules = [flat(y, 50, 400) for y in YS] + [upright(x, 100, 160) for x in XS[1:3]]
    (part,) = find_parts(rules, 1)
    assert spans(part) == {(row, column, 1, 1) for row in range(3) for column in range(3)}


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [flat(y, 50, 400) for y in (100, 200, 300, 400)],
        [flat(90, 60, 160), flat(95, 300, 460), flat(780, 60, 160), upright(20, 0, 800)],
    ],
    ids=["none", "underlines", "header rules"],
)
def test_lines_that_are_no_grid_make_no_table(rules):
    assert find_parts(rules, 1) == []


def test_a_frame_around_a_text_is_no_table():
    assert find_parts(grid([50, 400], [100, 200]), 1) == []


def test_two_tables_on_a_page_come_from_top_to_bottom():
    lower = [y + 300 for y in YS]
    parts = find_parts(grid(XS, lower) + grid(XS, YS), 1)
    assert [part.ys[0] for part in parts] == [100, 400]


def test_a_drawing_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_tables, "_MOST_RULES", 7)
    with pytest.raises(TooManyRulesError):
        find_parts(grid(XS, YS), 1)


places = st.integers(0, 8).map(lambda step: 20.0 * step)


@given(
    st.lists(st.tuples(places, places, places), max_size=14),
    st.lists(st.tuples(places, places, places), max_size=14),
)
@settings(deadline=None)
def test_cells_are_those_of_pdfplumber(horizontals, verticals):
    rules = [flat(y, min(a, b), max(a, b)) for y, a, b in horizontals if a != b]
    rules += [upright(x, min(a, b), max(a, b)) for x, a, b in verticals if a != b]
    if not rules:
        return
    edges = finder.merge_edges([pdf_tables._edge(rule) for rule in rules], 3, 3, 3, 3)
    corners = finder.edges_to_intersections(edges, 3, 3)
    assert pdf_tables._cells(corners) == finder.intersections_to_cells(corners)


@given(
    st.lists(st.tuples(places, places, places), max_size=14),
    st.lists(st.tuples(places, places, places), max_size=14),
)
@settings(deadline=None)
def test_no_place_of_a_grid_belongs_to_two_cells(horizontals, verticals):
    rules = [flat(y, min(a, b), max(a, b)) for y, a, b in horizontals if a != b]
    rules += [upright(x, min(a, b), max(a, b)) for x, a, b in verticals if a != b]
    for part in find_parts(rules, 1):
        taken = [
            (row, column)
            for cell in part.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        ]
        assert len(taken) == len(set(taken))
        assert max(row for row, _ in taken) < part.rows


# ---- text of cells


def line(text: str, width: float) -> list[Piece]:
    return [Piece(text, 0, 0, width, 12, 0, len(text) - 1)]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([line("Tỷ lệ hộ có", 95), line("kỹ năng sống", 60)], "Tỷ lệ hộ có kỹ năng sống"),
        ([line("Đã đạt", 30), line("Tăng 2 %", 40)], "Đã đạt\nTăng 2 %"),
        ([line("198/BC-", 95), line("UBND", 60)], "198/BC-UBND"),
        ([line("giai đoạn 2021-", 95), line("2030", 60)], "giai đoạn 2021-2030"),
        ([line("xóa mù chữ -", 95), line("phổ cập", 60)], "xóa mù chữ - phổ cập"),
        ([], ""),
    ],
)
def test_line_ends_are_wraps_or_breaks(lines, text):
    assert joined_text(lines, 100) == text
