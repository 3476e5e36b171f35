"""What was worked out before: a document's extraction, and what it was found to say.

Nothing here is worth keeping: deleting ``cache/`` only makes the next run slower.
"""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from pydantic import TypeAdapter

import catalog
import transforms
from catalog.catalogue import Catalogue
from extractors.document import Extraction
from extractors.formats import EXTRACTOR_VERSION, from_json, to_json
from extractors.sandbox import Limits, extract_many
from flows.inbox import Document
from transforms.reading import Reading, Restated

TRANSIENT = frozenset({"program-missing", "file-missing"})
"""Findings that say something of this machine or this moment: such a result is not kept."""


def extractions_of(
    documents: Sequence[Document], cache: Path, limits: Limits
) -> Iterator[tuple[Extraction, bool]]:
    """What stands in each document, and whether it was extracted anew, in the documents' order.

    What has to be extracted is read by child processes that go ahead while the caller works.
    """
    kept = [_kept(document, cache, limits) for document in documents]
    missing = [each.path for each, known in zip(documents, kept, strict=True) if known is None]
    anew = extract_many(missing, limits)
    for document, known in zip(documents, kept, strict=True):
        if known is not None:
            yield known, False
        else:
            yield _keep(next(anew), document, cache, limits), True


def extraction_of(
    document: Document, cache: Path, limits: Limits, extract: Callable[[Path], Extraction]
) -> tuple[Extraction, bool]:
    """What stands in one document, and whether it had to be extracted anew."""
    known = _kept(document, cache, limits)
    if known is not None:
        return known, False
    return _keep(extract(document.path), document, cache, limits), True


def _kept(document: Document, cache: Path, limits: Limits) -> Extraction | None:
    """The kept extraction. One that cannot be read, or is of a file with another ending (which a
    finding may speak of), counts as none.
    """
    for place in _places(document, cache, limits):
        try:
            extraction = from_json(place.read_bytes())
        except (OSError, ValueError):
            continue
        same_ending = PurePath(extraction.file_name).suffix == PurePath(document.name).suffix
        if extraction.sha256 == document.sha256 and same_ending:
            return replace(extraction, file_name=document.name)
    return None


def _keep(extraction: Extraction, document: Document, cache: Path, limits: Limits) -> Extraction:
    extraction = replace(extraction, file_name=document.name)
    whole, limited = _places(document, cache, limits)
    if is_lasting(extraction, document):
        write_whole(limited if _met_a_limit(extraction) else whole, to_json(extraction))
    return extraction


def is_lasting(extraction: Extraction, document: Document) -> bool:
    """Whether another try, here and under the same limits, would give the same."""
    codes = {finding.code for finding in extraction.findings}
    changed_meanwhile = extraction.sha256 != document.sha256
    ended_from_outside = extraction.extractor.startswith("sandbox/")
    return not (changed_meanwhile or codes & TRANSIENT) and (
        _met_a_limit(extraction) or not ended_from_outside
    )


def _met_a_limit(extraction: Extraction) -> bool:
    return any(finding.code == "limit-exceeded" for finding in extraction.findings)


def _places(document: Document, cache: Path, limits: Limits) -> tuple[Path, Path]:
    """Where an extraction is kept, and where one that came up against these limits is."""
    name = f"{document.sha256}-{EXTRACTOR_VERSION}"
    most = f"{limits.seconds:g}s-{limits.memory // 2**20}MB"
    return cache / f"{name}.json", cache / f"{name}-{most}.json"


def reading_of(
    extraction: Extraction, catalogue: Catalogue, restated: Sequence[Restated], cache: Path
) -> Reading:
    """What the extraction says, kept under all that it depends on: document, catalogue, code, what
    decisions state of this document.
    """
    own = [repr(one) for one in restated if one.document == extraction.sha256]
    inputs = (extraction.sha256, extraction.file_name, catalogue.digest, _code(), *own)
    key = hashlib.sha256("\n".join(inputs).encode()).hexdigest()
    kept = cache / "readings" / f"{key}.json"
    try:
        return _readings().validate_json(kept.read_bytes(), strict=False)
    except (OSError, ValueError):
        from transforms.read import read  # noqa: PLC0415 an unchanged inbox does without it

        reading = read(extraction, catalogue, restated)
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
