"""What a run publishes appears together, and what people have written is never overwritten.

Beside the warehouse lies its manifest: which run it is of, and every file that the program wrote to
an office's folder, with the hash that it had. A file that has another hash was changed by a person:
it is kept under another name before the new one is put in its place. Files are put in their places
first, then the warehouse, then the manifest, which makes it one publication; where one of them
cannot be put there, those before it are put back.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from flows.decision_log import LOCAL
from flows.errors import RunError, reason
from flows.files import clear_unfinished, write_whole

if TYPE_CHECKING:
    from flows.vanished import Vanished


class Missing(BaseModel):
    """Something that was there when the warehouse was published, and since when it is not.

    A document by its sha256 and name; a line of the log by its hash and in words, ``decision`` is
    the id that it had.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    name: str
    since: AwareDatetime
    decision: str | None = None


class Manifest(BaseModel):
    """What belongs together, and what the program has written.

    ``run`` is that of the warehouse. ``files`` are the program's own files as it left them: path
    from the warehouse's folder, and sha256. ``coming`` are those that were about to be put in
    place; where there are some, the publication was interrupted. ``documents`` and ``decisions``
    have vanished, and nobody has confirmed it yet.
    """

    model_config = ConfigDict(extra="forbid")

    format: int = 1
    run: str | None = None
    published_at: AwareDatetime | None = None
    files: dict[str, str] = {}
    coming: dict[str, tuple[str, ...]] = {}
    documents: tuple[Missing, ...] = ()
    decisions: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that a person had changed, and where it is now."""

    place: Path
    kept: Path


class NotPlacedError(RunError):
    """A file could not be put in its place; nothing else has changed either."""


def manifest_of(warehouse: Path) -> Path:
    """Where the manifest of a warehouse lies."""
    return warehouse.with_name(f"{warehouse.name}.manifest.json")


def read_manifest(warehouse: Path) -> Manifest:
    """The manifest; an empty one where there is none. Raises RunError for a damaged one."""
    path = manifest_of(warehouse)
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Manifest()
    except ValidationError as error:
        raise RunError(
            f"{path}: bản kê của lần công bố bị hỏng. Xóa tệp này rồi chạy lại hopnhat run; tệp "
            "trong thư mục báo cáo khi đó được giữ lại dưới tên khác, không bị ghi đè."
        ) from error


def publish_together(
    built: Path,
    warehouse: Path,
    files: Mapping[Path, bytes],
    *,
    run: str,
    vanished: Vanished,
) -> list[Kept]:
    """Put the files in their places and the built warehouse in its own, or none of them.

    Returns the files that people had changed, each kept beside. Raises NotPlacedError.
    """
    from warehouse.store import publish  # noqa: PLC0415 loaded while children read

    def put_warehouse() -> None:
        try:
            publish(built, warehouse)
        except OSError as error:
            raise NotPlacedError(
                f"Không thay được kho dữ liệu {warehouse}: {reason(error)}. Đóng chương trình đang "
                "mở kho rồi chạy lại. Kho và các báo cáo vẫn như trước lần chạy này."
            ) from error

    with _changing(warehouse) as manifest:
        manifest.run, manifest.published_at = run, datetime.now(LOCAL)
        manifest.documents, manifest.decisions = vanished.documents, vanished.decisions
        return _place(files, manifest, warehouse, put_warehouse)


def hand_over(warehouse: Path, files: Mapping[Path, bytes]) -> list[Kept]:
    """Put files in their places that belong to what is published already.

    Returns the files that people had changed, each kept beside. Raises NotPlacedError.
    """
    with _changing(warehouse) as manifest:
        return _place(files, manifest, warehouse, lambda: None)


def taken_over(warehouse: Path, workbook: Path, content: bytes) -> None:
    """Note that all that was written into a workbook of ours is in the log by now."""
    with _changing(warehouse) as manifest:
        name = _name(workbook.absolute(), warehouse)
        if name in manifest.files:
            manifest.files[name] = _sha256(content)
            _write(manifest, warehouse)


@contextmanager
def _changing(warehouse: Path) -> Iterator[Manifest]:
    """The manifest, for who alone may change it."""
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{manifest_of(warehouse)}.lock"):
        yield read_manifest(warehouse)


def _place(
    files: Mapping[Path, bytes],
    manifest: Manifest,
    warehouse: Path,
    then: Callable[[], None],
) -> list[Kept]:
    before = read_manifest(warehouse)
    names = {place: _name(place, warehouse) for place in files}
    kept = []
    # What is noted before it is done is known as our own, whenever we are killed.
    for place, content in files.items():
        coming = before.coming.get(names[place], ())
        before.coming[names[place]] = (*coming, _sha256(content))
    _write(before, warehouse)
    with _ours_back_on_failure() as undo:
        for place, content in files.items():
            known = {before.files.get(names[place]), *before.coming[names[place]]}
            if (one := _put(place, content, known, undo)) is not None:
                kept.append(one)
        then()
    manifest.files |= {names[place]: _sha256(content) for place, content in files.items()}
    manifest.coming = {}
    _write(manifest, warehouse)
    return kept


@contextmanager
def _ours_back_on_failure() -> Iterator[ExitStack]:
    """What was done is undone in reverse order, unless all of it is done."""
    with ExitStack() as undo:
        yield undo
        undo.pop_all()


def _put(place: Path, content: bytes, known: set[str | None], undo: ExitStack) -> Kept | None:
    """One file in its place. A file there that is not known is kept beside."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        clear_unfinished(place.parent)
        there = place.read_bytes() if place.is_file() else None
        if there == content:
            return None
        kept = None
        if there is not None and _sha256(there) not in known:
            kept = Kept(place, _name_beside(place))
            place.rename(kept.kept)
            undo.callback(kept.kept.replace, place)
        write_whole(place, content, durably=True)
        if kept is None and there is not None:
            undo.callback(write_whole, place, there)
        elif kept is None:
            undo.callback(place.unlink, missing_ok=True)
    except OSError as error:
        raise NotPlacedError(
            f"Không ghi được {place}: {reason(error)}. Nếu tệp đang mở, hãy đóng lại rồi chạy lại. "
            "Kho dữ liệu và các báo cáo khác vẫn như trước lần chạy này."
        ) from error
    return kept


def _name_beside(place: Path) -> Path:
    """'báo cáo (đã sửa 30-11-2026 14.05).docx', by when it was; as Windows takes names."""
    changed = datetime.fromtimestamp(place.stat().st_mtime, LOCAL)
    stem = f"{place.stem} (đã sửa {changed:%d-%m-%Y %H.%M})"
    names = (stem if order == 1 else f"{stem} {order}" for order in range(1, 10_000))
    return next(
        path for name in names if not (path := place.with_name(f"{name}{place.suffix}")).exists()
    )


def _name(place: Path, warehouse: Path) -> str:
    """The file's path from the warehouse's folder, so that both may be moved; or as it is."""
    try:
        return Path(os.path.relpath(place, warehouse.parent)).as_posix()
    except ValueError:  # another drive
        return place.as_posix()


def _write(manifest: Manifest, warehouse: Path) -> None:
    write_whole(
        manifest_of(warehouse), manifest.model_dump_json(indent=1).encode() + b"\n", durably=True
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
