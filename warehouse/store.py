"""Builds the warehouse from frames, checks it, publishes it, opens it for reading.

The models are the SQL files beside this module, run in the order of their names: ``schema``, then
``core``, then ``marts``. Every file of ``checks`` is a query for rows at fault: those of a soft
check become findings, those of a hard one stop the build. A model says on its first line what it is
and its grain, and behind each column what it holds: that is where the COMMENTs come from.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import duckdb

if TYPE_CHECKING:  # it loads pandas, which who only reads a warehouse does without
    from transforms.schemas import Frames

MODELS = Path(__file__).parent
Config = dict[str, str | bool | int | float | list[str]]

UNEXTENDED: Config = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""What the warehouse needs is in DuckDB itself; nothing is ever fetched."""

_HEAD = re.compile(r"^-- (raw|core|marts)\.(\w+): (.+)$", re.MULTILINE)
_COLUMN = re.compile(r'"?(\w+)"?,? -- (.+)$')
_CHECK = re.compile(r"-- check: ([a-z-]+)\n-- grain: (.+)\n-- severity: (soft|hard)\n")


class CheckError(Exception):
    """A hard check has found rows: the warehouse contradicts itself and is not published."""


@dataclass(frozen=True, slots=True)
class Check:
    """A query that returns the rows at fault, and what one row is."""

    name: str
    grain: str
    severity: Literal["soft", "hard"]
    sql: str


def build(frames: Frames, destination: Path) -> None:
    """Build a new warehouse file, whole and checked. The same frames give the same rows in order.

    Raises FileExistsError where there is a file already, and CheckError, with nothing left behind,
    where the result contradicts itself.
    """
    if destination.exists():
        raise FileExistsError(destination)
    try:
        with duckdb.connect(destination, config=UNEXTENDED) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.begin()
            _run_models(connection, frames)
            connection.commit()
            run_checks(connection)
            connection.execute("checkpoint")
        _follow_umask(destination)
    except BaseException:
        destination.unlink(missing_ok=True)
        _log_of(destination).unlink(missing_ok=True)
        raise


def publish(built: Path, published: Path) -> None:
    """Put a built warehouse in the place of the published one, in one step that survives a crash.

    Both must be in one file system. Readers that are open keep what they see.
    """
    _flush(built, os.O_RDWR)
    # A log that a writer left beside the old file would be replayed into the new one.
    _log_of(published).unlink(missing_ok=True)
    built.replace(published)
    if os.name == "posix":  # elsewhere a folder cannot be opened
        _flush(published.parent, os.O_RDONLY)


def open_read_only(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A connection for reading alone: no other file can be reached from it, no extension loaded.

    In one process all connections to a file must be closed before a newly published one is seen.
    Raises duckdb.IOException where there is no such file.
    """
    config: Config = {**UNEXTENDED, "enable_external_access": False, "lock_configuration": True}
    return duckdb.connect(warehouse, read_only=True, config=config)


def is_current(warehouse: Path) -> bool:
    """Whether the models of this version have built it: others may have other tables and words.

    Raises duckdb.IOException where there is no such file.
    """
    with open_read_only(warehouse) as connection:
        try:
            return connection.execute("select layout from core.layout").fetchone() == (layout(),)
        except duckdb.CatalogException:
            return False  # of before there was one


@cache
def layout() -> str:
    """Digest of the models, by which a warehouse of another version is told."""
    digest = hashlib.sha256()
    for path in sorted(MODELS.rglob("*.sql")):
        digest.update(f"{path.relative_to(MODELS).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def run_checks(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise CheckError, with the first rows at fault, unless all hard checks find nothing."""
    faults = []
    for check in checks():
        if check.severity == "hard":
            found = connection.sql(check.sql)
            faults += [
                f"check {check.name} ({check.grain}): "
                + ", ".join(
                    f"{name}={value}" for name, value in zip(found.columns, row, strict=True)
                )
                for row in found.fetchmany(3)
            ]
    if faults:
        raise CheckError("\n".join(faults))


@cache
def checks() -> tuple[Check, ...]:
    """All checks in order of their names."""
    return tuple(_check(path) for path in sorted((MODELS / "checks").glob("*.sql")))


def _check(path: Path) -> Check:
    text = path.read_text("utf-8")
    head = _CHECK.match(text)
    if head is None:
        raise ValueError(f"{path}: the head must say '-- check:', '-- grain:', '-- severity:'")
    name, grain, severity = head.groups()
    return Check(name, grain, "hard" if severity == "hard" else "soft", text[head.end() :])


def _run_models(connection: duckdb.DuckDBPyConnection, frames: Frames) -> None:
    connection.execute(f"set variable layout = '{layout()}'")
    for name, frame in frames.items():
        connection.register(f"frame_{name}", frame)
    for folder in ("schema", "core", "marts"):
        for path in sorted((MODELS / folder).glob("*.sql")):
            _run_model(connection, path)
    for order, check in enumerate(checks()):
        if check.severity == "soft":
            _run_soft_check(connection, order, check)
    _run_model(connection, MODELS / "finding.sql")
    _run_model(connection, MODELS / "numeral.sql")


def _run_model(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    text = path.read_text("utf-8")
    connection.execute(text)
    connection.execute(";".join(comments(text)))


def _run_soft_check(connection: duckdb.DuckDBPyConnection, order: int, check: Check) -> None:
    named = f"select {order} as check_order, '{check.name}' as check_name, * from"
    connection.execute(f"insert into found by name {named} ({check.sql})")


def comments(model: str) -> Iterator[str]:
    """The COMMENT statements for the model's table and the columns of its outermost select."""
    head = _HEAD.match(model)
    if head is None:
        return
    schema, table, words = head.groups()
    yield f"comment on table {schema}.{table} is {_quoted(words)}"
    outermost = model[model.index("\nselect\n") :]
    for line in outermost.splitlines():
        if column := _COLUMN.search(line):
            name, words = column.groups()
            yield f'comment on column {schema}.{table}."{name}" is {_quoted(words)}'


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _follow_umask(path: Path) -> None:
    """Let those read the file whom the process's umask lets: DuckDB has a mode of its own."""
    like = path.with_name(f".{path.name}.mode")
    descriptor = os.open(like, os.O_WRONLY | os.O_CREAT, 0o666)
    try:
        path.chmod(os.fstat(descriptor).st_mode & 0o777)
    finally:
        os.close(descriptor)
        like.unlink()


def _log_of(warehouse: Path) -> Path:
    return warehouse.with_name(f"{warehouse.name}.wal")


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
