"""What is known of decisions on documents before and after the documents are read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from catalog.catalogue import Catalogue
from catalog.loader import load_catalogue
from transforms.decisions import (
    LINE,
    Decision,
    Document,
    Ruling,
    SeenDocument,
    Withdraw,
    in_words,
    restated,
    rulings,
    with_documents,
)
from transforms.reading import Header, HeaderField

BYTES, OTHER = "a" * 64, "b" * 64
NOON = datetime(2025, 7, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def stated(
    about: HeaderField = "unit", before: str | None = None, value: str = "duc-hiep", hours: int = 0
) -> Document:
    return Document(
        id=f"{hours:016x}", at=NOON + timedelta(hours=hours), by="lan", why="đã hỏi xã",
        about=about, before=before, value=value,
        seen=SeenDocument(document=BYTES, file_name="a.docx"),
    )  # fmt: skip


def ruled(decisions: list[Decision], catalogue: Catalogue, *read: Any) -> list[Ruling]:
    first = rulings(decisions, catalogue, None)
    after = with_documents(decisions, first, read, catalogue)
    return [after[one.id] for one in decisions]


@pytest.mark.parametrize(
    ("read", "ruling"),
    [
        ((BYTES, "a.docx", Header()), Ruling("applied")),
        ((BYTES, "renamed.docx", Header()), Ruling("applied")),
        ((BYTES, "a.docx", Header(unit="duc-hiep")), Ruling("applied")),
        ((BYTES, "a.docx", Header(unit="duc-hiep", printed=Header())), Ruling("applied")),
        ((BYTES, "a.docx", Header(unit="thang-loi")), Ruling("void", "đơn vị: xã Thắng Lợi")),
        ((OTHER, "a.docx", Header()), Ruling("void", "tệp a.docx có nội dung khác")),
        ((OTHER, "b.docx", Header()), Ruling("unused")),
    ],
)
def test_it_holds_for_the_bytes_and_the_reading_that_were_seen(
    catalogue: Catalogue, read: tuple[str, str, Header], ruling: Ruling
) -> None:
    assert ruled([stated()], catalogue, read) == [ruling]


def test_the_newest_on_a_field_holds_and_what_is_withdrawn_does_not(catalogue: Catalogue) -> None:
    day = stated("as_of", None, "2025-06-30", 3)
    withdrawn = stated(value="thang-loi", hours=4)
    withdraw = Withdraw(id="f" * 16, at=NOON, by="lan", why="nhầm", decision=withdrawn.id)
    decisions: list[Decision] = [stated(hours=1), stated(hours=2), day, withdrawn, withdraw]
    found = ruled(decisions, catalogue, (BYTES, "a.docx", Header()))
    assert [each.status for each in found] == [
        "replaced", "applied", "applied", "withdrawn", "applied",
    ]  # fmt: skip
    says = restated(decisions, rulings(decisions, catalogue, None))
    assert [(each.about, each.value) for each in says] == [
        ("unit", "duc-hiep"),
        ("as_of", "2025-06-30"),
    ]


def test_a_unit_that_nobody_knows_any_longer_is_void(catalogue: Catalogue) -> None:
    (found,) = ruled([stated(value="khong-dau-ca")], catalogue, (BYTES, "a.docx", Header()))
    assert found == Ruling("void", "danh mục không còn đơn vị khong-dau-ca")


@pytest.mark.parametrize(
    ("about", "value"),
    [("unit", "Đức Hiệp"), ("as_of", "30/06/2025"), ("as_of", "20250630"), ("draft", "nháp")],
)
def test_a_line_with_another_value_is_no_decision(about: HeaderField, value: str) -> None:
    line = stated().model_dump(mode="json") | {"about": about, "value": value}
    with pytest.raises(ValidationError):
        LINE.validate_python(line)


def test_in_words(catalogue: Catalogue) -> None:
    header = Header(unit="duc-hiep", as_of=date(2025, 6, 30), draft=True)
    fields: tuple[HeaderField, ...] = ("unit", "as_of", "draft")
    assert [in_words(each, header.field(each), catalogue) for each in fields] == [
        "đơn vị: xã Đức Hiệp",
        "ngày số liệu: 30/06/2025",
        "bản: dự thảo",
    ]
    assert in_words("as_of", None, catalogue) == "ngày số liệu: chưa rõ"
