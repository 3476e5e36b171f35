"""The review workbook's questions and answers: what an officer can decide on, out and back.

Each row that can be decided on has unlocked cells for the answer, and a hidden one that holds what
was shown when deciding. A row whose locked cells were edited is refused: nobody could say then what
the answer was given to.
"""

from __future__ import annotations

import hashlib
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Context, Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from extractors.archive import Archive, refuse_doctype
from extractors.document import UnreadableError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from catalog.catalogue import Catalogue
    from extractors.sandbox import Limits

Choice = Literal["settle", "correct", "reject", "accept", "wording", "unit", "as_of", "signed"]
CHOICES: Mapping[Choice, str] = {
    "settle": "chọn số này",
    "correct": "sửa số",
    "reject": "loại bỏ",
    "accept": "chấp nhận",
    "wording": "gắn chỉ tiêu",
    "unit": "ghi đơn vị của văn bản",
    "as_of": "ghi ngày số liệu của văn bản",
    "signed": "coi là bản chính thức",
}
"""What an officer picks."""

ANSWERS = ("Quyết định", "Giá trị", "Lý do", "Người quyết định")
IDENTITY, CHECK = "Mã để quyết định", "Dấu kiểm"
DIGITS = Context(prec=15)
"""A cell's number is a double: of 15 digits it keeps every one."""
MOST_ROWS = 100_000
MOST_SHOWN = 2000
"""Characters of a text that a decision quotes: the hidden cell, too, holds 32,767 at most."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a row can be answered with, and what it shows.

    ``identity`` is the id of the observation or the finding; ``shown`` all that a decision has to
    say was seen, fit for JSON.
    """

    identity: str
    choices: tuple[Choice, ...]
    shown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """One row that came back answered; ``place`` says where, for whoever has to mend it."""

    place: str
    question: Question
    choice: Choice
    value: str | Decimal | None
    why: str
    by: str


class AnswersError(Exception):
    """The workbook cannot be taken over: one line a fault, in the officer's words."""


def check_mark(question: Question, locked: Iterable[object]) -> str:
    """The hidden cell: the question, and a hash over it and the row's locked cells."""
    content = {"id": question.identity, "can": list(question.choices), **question.shown}
    cells = [canonical(value) for value in locked]
    seal = hashlib.sha256(json.dumps([content, cells], ensure_ascii=False).encode()).hexdigest()
    return json.dumps({**content, "seal": seal[:16]}, ensure_ascii=False)


def canonical(value: object) -> str:
    """A cell's value as text that is the same before and after a spreadsheet program saved it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return _plain(Decimal(value))
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case str():
            return " ".join(unicodedata.normalize("NFC", value).split())
    return _plain(Decimal(repr(value)))  # a float, as openpyxl hands numbers over


def _plain(number: Decimal) -> str:
    rounded = DIGITS.plus(number).normalize()
    return format(rounded, "f") if rounded else "0"


def runs(questions: Sequence[Question]) -> Iterator[tuple[int, int, tuple[Choice, ...]]]:
    """First row, last row (0-based) and choices of neighbours that can be answered alike."""
    for choices, group in groupby(enumerate(questions), key=lambda each: each[1].choices):
        rows = [row for row, _ in group]
        yield rows[0], rows[-1], choices


def indicators(catalogue: Catalogue) -> list[str]:
    """What a wording can be mapped to: 'Gia đình học tập [gia-dinh-hoc-tap]', parts behind it."""
    listed = []
    for indicator in sorted(catalogue.indicators.values(), key=lambda one: one.name):
        listed.append(f"{indicator.name} [{indicator.id}]")
        if indicator.numerator is not None:
            listed.append(f"{indicator.name} · tử số [{indicator.id}/numerator]")
        if indicator.denominator is not None:
            listed.append(f"{indicator.name} · mẫu số [{indicator.id}/denominator]")
    return listed


def answers_within_limits(data: bytes, name: str, limits: Limits | None = None) -> list[Answer]:
    """As :func:`answers_in`, in a child process within the documents' limits.

    Raises AnswersError, also for a workbook that came up against one of them.
    """
    from extractors.sandbox import LostError, Readers  # noqa: PLC0415 loaded when one comes back

    try:
        with Readers(1, limits) as readers:
            return readers.call(answers_in, data, name)
    except LostError as lost:
        raise AnswersError(
            f"{name}: đọc sổ vượt giới hạn cho phép ({lost.why}: {lost.detail}); sổ có quá nhiều "
            "dòng hoặc có ô ở rất xa. Lấy lại sổ đối chiếu gốc và chép các câu trả lời sang."
        ) from lost


def read_answers(path: Path) -> list[Answer]:
    """The answered rows of a review workbook that came back.

    Raises AnswersError, and OSError where the file cannot be read.
    """
    return answers_in(path.read_bytes(), path.name)


def answers_in(data: bytes, name: str) -> list[Answer]:
    """The answered rows of the review workbook with these bytes, which is called ``name``.

    Raises AnswersError with all faults: a file that is none of ours, an edited locked cell, an
    answer that the row does not allow.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 loaded only when one comes back

    _refuse_hostile(data, name)
    try:
        # Values alone: what a formula gave when the file was saved, never the formula.
        book = load_workbook(io.BytesIO(data), data_only=True)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise AnswersError(f"{name}: không mở được như một tệp .xlsx ({error}).") from error
    sheets = [sheet for sheet in book.worksheets if _titles(sheet).keys() >= {CHECK, *ANSWERS}]
    if not sheets:
        raise AnswersError(
            f"{name}: không phải sổ đối chiếu của chương trình này (không có các cột "
            f"{', '.join(ANSWERS)}). Mở đúng tệp doi-chieu-….xlsx, điền rồi lưu lại dạng .xlsx."
        )
    faults: list[str] = []
    answers = [answer for sheet in sheets for answer in _answers(sheet, faults)]
    if faults:
        raise AnswersError("\n".join(faults))
    return answers


def _refuse_hostile(data: bytes, name: str) -> None:
    """Whatever parses the package later: no bomb, no entity, nothing that is no package."""
    try:
        package = Archive(data)
        for part in package.names():
            content = package.read(part)
            if part.lower().endswith((".xml", ".rels", ".vml")):
                refuse_doctype(content, part)
    except UnreadableError as error:
        raise AnswersError(
            f"{name}: không đọc được như một tệp .xlsx ({error.finding.code}). "
            "Mở bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi thử lại."
        ) from error


def _titles(sheet: Worksheet) -> dict[str, int]:
    heads = next(sheet.iter_rows(min_row=1, max_row=1, values_only=True), ())
    return {head: index for index, head in enumerate(heads) if isinstance(head, str)}


def _answers(sheet: Worksheet, faults: list[str]) -> Iterator[Answer]:
    titles = _titles(sheet)
    answer_columns = [titles[title] for title in ANSWERS]
    width = titles[CHECK]
    if (sheet.max_row or 0) > MOST_ROWS:
        faults.append(
            f"{sheet.title}: có dữ liệu ở dòng {sheet.max_row}, quá dòng {MOST_ROWS}. Xóa những gì "
            "không phải của sổ đối chiếu rồi lưu lại."
        )
        return
    # No farther than our own columns: each place that is looked at becomes a cell.
    for number, cells in enumerate(sheet.iter_rows(min_row=2, max_col=width + 1), start=2):
        row = [cell.value for cell in cells]
        decided, value, why, by = (row[column] for column in answer_columns)
        if all(_blank(cell) for cell in (decided, value, why, by)):
            continue
        place = f"{sheet.title}, dòng {number}"
        locked = [cell for index, cell in enumerate(row[:width]) if index not in answer_columns]
        question = _question(row[width], locked)
        if question is None:
            faults.append(
                f"{place}: ô bị khóa đã bị sửa, hoặc dòng này không do chương trình ghi ra, nên "
                "không biết quyết định về số liệu nào. Lấy lại sổ đối chiếu gốc và điền lại."
            )
            continue
        choice = _choice(decided)
        if choice is None or choice not in question.choices:
            possible = ", ".join(CHOICES[each] for each in question.choices)
            faults.append(
                f"{place}: cột “{ANSWERS[0]}” ghi “{decided or ''}”; chọn một trong: {possible}."
            )
            continue
        if _blank(why):
            faults.append(f"{place}: thiếu “{ANSWERS[2]}”.")
            continue
        percent = "%" in cells[titles["Giá trị"]].number_format
        given = None if _blank(value) else _given(value, percent=percent)
        yield Answer(place, question, choice, given, str(why).strip(), str(by or "").strip())


def _blank(cell: object) -> bool:
    return cell is None or not str(cell).strip()


def _choice(text: object) -> Choice | None:
    plain = canonical(text).casefold()
    return next((choice for choice, words in CHOICES.items() if words == plain), None)


def _given(value: object, *, percent: bool) -> str | Decimal:
    """What was filled in: a number, or text that is still to be understood.

    ``percent``: the cell shows 0.7861 as 78,61 %, which is what its writer meant.
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | date):
        return canonical(value)
    return Decimal(canonical(value)) * (100 if percent else 1)


def _question(mark: object, locked: Sequence[object]) -> Question | None:
    """The question that the hidden cell holds, if nothing of the row was edited."""
    with suppress(ValueError, KeyError, TypeError):
        content = json.loads(str(mark))
        content.pop("seal")
        can = content.pop("can")
        choices = tuple(choice for choice in CHOICES if choice in can)
        question = Question(content.pop("id"), choices, content)
        if check_mark(question, locked) == _as_written(mark):
            return question
    return None


def _as_written(mark: object) -> str:
    return json.dumps(json.loads(str(mark)), ensure_ascii=False)
