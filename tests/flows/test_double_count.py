"""A school, a dòng họ or a centre that two former communes both name may be counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from tests.flows.command import hopnhat
from tests.support.commune_reports import Row, write_report

LISTED: Row = ("Số tủ sách cộng đồng", "tủ sách", "9")
SAID = {
    "hiệp": (
        "Đức Hiệp",
        "Toàn xã có 3 trường: Trường THCS Nguyễn Trãi, Trường TH Đức Hiệp, trường mầm non số 2.",
        "Dòng họ Lê Quang, dòng họ Phạm được công nhận; phong trào Dòng họ Học tập phát triển.",
    ),
    "nhuận": (
        "Đức Nhuận",
        "Có Trường trung học cơ sở Nguyễn Trãi và TRƯỜNG TIỂU HỌC Đức Nhuận, trường mầm non số 2.",
        "Phong trào Dòng họ Học tập có tộc họ Lê Quang; đồng bào dân tộc Kinh chiếm đa số.",
    ),
    "lợi": ("Thắng Lợi", "Trường mầm non Thắng Lợi và Trường tiểu học Nguyễn Trãi đạt chuẩn."),
}  # fmt: skip
"""By file: the commune and its sentences."""


def send(home: Path, name: str, commune: str, sentences: Sequence[str], **more: str) -> None:
    (home / "inbox").mkdir(exist_ok=True)
    body = ("I. Tình hình chung", "Xã đã triển khai.", "II. Kết quả thực hiện", *sentences)
    number = 1 + len(list((home / "inbox").iterdir()))
    write_report(
        home / "inbox" / f"{name}.docx", commune, [LISTED], body=body, number=number, **more
    )


def proposed(home: Path) -> list[str]:
    done = hopnhat(home, "run")
    assert done.returncode in {0, 3}, done.stderr
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
        sql = """
            select message from core.finding
            where code = 'possible-double-count' and unit = 'long-phung' and not blocking
            order by message
        """
        return [message for (message,) in connection.execute(sql).fetchall()]


def test_what_two_former_communes_name_is_proposed_as_counted_twice(tmp_path: Path) -> None:
    for name, (commune, *sentences) in SAID.items():
        send(tmp_path, name, commune, sentences)
    families, schools = proposed(tmp_path)
    assert families.startswith(
        "'Dòng họ Lê Quang' có trong văn bản của nhiều xã cũ: "
        "xã Đức Hiệp (hiệp.docx), xã Đức Nhuận (nhuận.docx); có thể được tính hai lần"
    )
    assert schools.startswith("'Trường THCS Nguyễn Trãi' có trong văn bản của nhiều xã cũ: ")
    assert "possible-double-count" in hopnhat(tmp_path, "findings").stdout


@pytest.mark.parametrize(
    ("commune", "title", "number"),
    [
        ("Đức Nhuận", "số liệu tính đến ngày 30/6/2025", 1),
        ("Đức Nhuận", "số liệu tính đến ngày 31/5/2025", 0),
        ("Đức Hiệp", "số liệu tính đến ngày 30/6/2025", 0),
        ("Phổ Khánh", "số liệu tính đến ngày 30/6/2025", 0),
    ],
    ids=["two", "another-day", "the-same", "a-stranger"],
)
def test_only_two_communes_that_are_added_count_twice(
    tmp_path: Path, commune: str, title: str, number: int
) -> None:
    sentences = ["Trường THCS Nguyễn Trãi đạt chuẩn quốc gia mức độ 1."]
    send(tmp_path, "hiệp", "Đức Hiệp", sentences)
    send(tmp_path, "khác", commune, sentences, title=f"Kết quả học tập, {title}")
    assert len(proposed(tmp_path)) == number


def test_what_stands_in_a_table_counts_too(tmp_path: Path) -> None:
    school: Row = ("Trường THCS Nguyễn Trãi", "học sinh", "300")
    (tmp_path / "inbox").mkdir()
    for number, commune in enumerate(("Đức Hiệp", "Đức Nhuận"), start=1):
        write_report(
            tmp_path / "inbox" / f"{number}.docx", commune, [LISTED, school], number=number
        )
    assert len(proposed(tmp_path)) == 1
