"""Issuers written in many ways are one; communes are never taken for each other."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

SCHEMA = Path(__file__).parents[2] / "warehouse" / "schema"


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name in ("10_schemas", "20_arithmetic", "21_text", "22_issuer"):
        connection.execute((SCHEMA / f"{name}.sql").read_text(encoding="utf-8"))
    return connection


def issuer_key(connection: duckdb.DuckDBPyConnection, issuer: str) -> str:
    (key,) = connection.execute("select core.issuer_key(?)", [issuer]).fetchall()[0]
    return str(key)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UBND tỉnh", "Ủy ban nhân dân tỉnh Quảng Ngãi"),
        ("UBND tỉnh", "Chủ tịch Uỷ ban nhân dân tỉnh Quảng Ngãi"),
        ("UBND huyện Mộ Đức", "Ủy ban nhân dân huyện"),
        ("Phòng GD&ĐT huyện Mộ Đức", "Phòng Giáo dục và Đào tạo"),
        ("Sở GDĐT", "Sở Giáo dục và Đào tạo tỉnh Quảng Ngãi"),
    ],
)
def test_spellings_of_one_issuer(
    connection: duckdb.DuckDBPyConnection, one: str, other: str
) -> None:
    assert issuer_key(connection, one) == issuer_key(connection, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UBND xã Đức Hiệp", "UBND xã Đức Nhuận"),
        ("UBND tỉnh", "HĐND tỉnh"),
        ("UBND tỉnh", "UBND huyện"),
        ("Sở Nội vụ", "Sở Y tế"),
    ],
)
def test_other_issuers_stay_apart(
    connection: duckdb.DuckDBPyConnection, one: str, other: str
) -> None:
    assert issuer_key(connection, one) != issuer_key(connection, other)
