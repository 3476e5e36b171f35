"""What was worked out before: a document's extraction, and what it was found to say.

Nothing here is worth keeping: deleting ``cache/`` only makes the next run slower. An entry is
believed only as it was written (a checksum stands before it), and only what the bytes of a document
prove is kept: what a full disk, a busy machine or a program that failed has left unread is tried
anew by the next run.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from pydantic import TypeAdapter

import catalog
import transforms
from catalog.catalogue import Catalogue
from extractors.document import Extraction, is_of_the_moment
from extractors.formats import EXTRACTOR_VERSION, from_json
from extractors.sandbox import Limits
from flows.files import write_whole
from flows.inbox import Document
from transforms.reading import Reading, Restated


class NotAsWrittenError(ValueError):
    """An entry whose content is not what was written: its checksum differs."""


def sealed(content: bytes) -> bytes:
    """The content behind its checksum."""
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def unsealed(entry: bytes) -> bytes:
    """What :func:`sealed` was given. Raises NotAsWrittenError."""
    checksum, _, content = entry.partition(b"\n")
    if checksum != hashlib.sha256(content).hexdigest().encode():
        raise NotAsWrittenError
    return content


def kept_extraction(document: Document, cache: Path, limits: Limits) -> Extraction | None:
    """The kept extraction. One that cannot be read, or is of a file with another ending (which a
    finding may speak of), counts as none.
    """
    for place in _places(document, cache, limits):
        try:
            extraction = from_json(unsealed(place.read_bytes()))
        except (OSError, ValueError):
            continue
        same_ending = PurePath(extraction.file_name).suffix == PurePath(document.name).suffix
        if extraction.sha256 == document.sha256 and same_ending:
            return replace(extraction, file_name=document.name)
    return None


def keep_extraction(
    extraction: Extraction, as_json: bytes, document: Document, cache: Path, limits: Limits
) -> None:
    """Keep an extraction, if another try would give the same. Raises OSError."""
    if is_lasting(extraction, document):
        whole, limited = _places(document, cache, limits)
        write_whole(limited if _met_a_limit(extraction) else whole, sealed(as_json))


def is_lasting(extraction: Extraction, document: Document) -> bool:
    """Whether another try, here and under the same limits, would give the same."""
    changed_meanwhile = extraction.sha256 != document.sha256
    ended_from_outside = extraction.extractor.startswith("sandbox/")
    return not (
        changed_meanwhile or any(is_of_the_moment(each) for each in extraction.findings)
    ) and (_met_a_limit(extraction) or not ended_from_outside)


def _met_a_limit(extraction: Extraction) -> bool:
    return any(finding.code == "limit-exceeded" for finding in extraction.findings)


def _places(document: Document, cache: Path, limits: Limits) -> tuple[Path, Path]:
    """Where an extraction is kept, and where one that came up against these limits is."""
    name = f"{document.sha256}-{EXTRACTOR_VERSION}"
    most = f"{limits.seconds:g}s-{limits.memory // 2**20}MB"
    return cache / f"{name}.json", cache / f"{name}-{most}.json"


def place_of_reading(
    sha256: str, name: str, catalogue: Catalogue, restated: Sequence[Restated], cache: Path
) -> Path:
    """Where a reading is kept: under all that it depends on, which is document, catalogue, code,
    and what decisions state of this document.
    """
    own = [repr(one) for one in restated if one.document == sha256]
    inputs = (sha256, name, catalogue.digest, code(), *own)
    key = hashlib.sha256("\n".join(inputs).encode()).hexdigest()
    return cache / "readings" / f"{key}.json"


def kept_reading(place: Path) -> Reading | None:
    """The kept reading; None where there is none that can be believed."""
    try:
        return _readings().validate_json(unsealed(place.read_bytes()), strict=False)
    except (OSError, ValueError):
        return None


def reading_as_json(reading: Reading) -> bytes:
    """The reading as it is kept."""
    return _readings().dump_json(reading)


def keep_reading(as_json: bytes, place: Path) -> None:
    """Keep a reading. Raises OSError."""
    write_whole(place, sealed(as_json))


@functools.cache
def _readings() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)


@functools.cache
def code() -> str:
    """Digest of the program's part that a reading depends on, so that no change of it is missed."""
    digest = hashlib.sha256(EXTRACTOR_VERSION.encode())
    for package in (catalog, transforms):
        for path in sorted(Path(package.__path__[0]).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
