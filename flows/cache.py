"""What was worked out before: a document's extraction, and what it was found to say.

Nothing here is worth keeping: deleting ``cache/`` only makes the next run slower.
"""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from dataclasses import replace
from pathlib import Path, PurePath

from pydantic import TypeAdapter

import catalog
import transforms
from catalog.catalogue import Catalogue
from extractors.document import Extraction
from extractors.formats import EXTRACTOR_VERSION, extract, from_json, to_json
from flows.inbox import Document
from transforms.reading import Reading

TRANSIENT = frozenset({"program-missing", "limit-exceeded", "file-missing"})
"""Findings that say something of this machine or this moment: such a result is not kept."""


def extraction_of(document: Document, cache: Path) -> tuple[Extraction, bool]:
    """What stands in the document, and whether it had to be extracted anew.

    A kept extraction that cannot be read, or is of a file with another ending (which a finding
    may speak of), counts as none.
    """
    kept = cache / f"{document.sha256}-{EXTRACTOR_VERSION}.json"
    extraction = _load(kept, document)
    if extraction is not None:
        return replace(extraction, file_name=document.name), False
    extraction = replace(extract(document.path), file_name=document.name)
    codes = {finding.code for finding in extraction.findings}
    if extraction.sha256 == document.sha256 and not codes & TRANSIENT:
        write_whole(kept, to_json(extraction))
    return extraction, True


def reading_of(extraction: Extraction, catalogue: Catalogue, cache: Path) -> Reading:
    """What the extraction says, kept under all that it depends on: document, catalogue, code."""
    inputs = (extraction.sha256, extraction.file_name, catalogue.digest, _code())
    key = hashlib.sha256("\n".join(inputs).encode()).hexdigest()
    kept = cache / "readings" / f"{key}.json"
    try:
        return _readings().validate_json(kept.read_bytes(), strict=False)
    except (OSError, ValueError):
        from transforms.read import read  # noqa: PLC0415 an unchanged inbox does without it

        reading = read(extraction, catalogue)
        write_whole(kept, _readings().dump_json(reading))
        return reading


@functools.cache
def _readings() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)


@functools.cache
def _code() -> str:
    """Digest of the program's part that a reading depends on, so that no change of it is missed."""
    digest = hashlib.sha256(EXTRACTOR_VERSION.encode())
    for package in (catalog, transforms):
        for path in sorted(Path(package.__path__[0]).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in its place in one step, so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _load(kept: Path, document: Document) -> Extraction | None:
    try:
        extraction = from_json(kept.read_bytes())
    except (OSError, ValueError):
        return None
    if extraction.sha256 != document.sha256:
        return None
    same_ending = PurePath(extraction.file_name).suffix == PurePath(document.name).suffix
    return extraction if same_ending else None
