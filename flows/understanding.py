"""Documents read and understood: by way of the cache, else in child processes with limits.

Both steps are done in the child, what stands on the pages and what it says: a document that would
take all memory or go on for ever takes neither from the run, and every processor has work.
"""

from __future__ import annotations

import functools
import logging
import pickle
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalog.catalogue import Catalogue
from extractors.document import Extraction, Finding, is_of_the_moment
from extractors.formats import extract, to_json
from extractors.sandbox import (
    LostError,
    Readers,
    in_order,
    lost_document,
    lost_finding,
)
from flows import cache
from flows.inbox import Document
from flows.settings import Home
from transforms.reading import Header, Reading, Restated

logger = logging.getLogger("hopnhat")


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One document, what stands in it and what it says; ``fresh`` if it was extracted anew."""

    document: Document
    extraction: Extraction
    reading: Reading
    fresh: bool

    @property
    def is_lasting(self) -> bool:
        """Whether another try, here and under the same limits, would give the same."""
        return cache.is_lasting(self.extraction, self.document) and not any(
            is_of_the_moment(each) for each in self.reading.findings
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What a document is understood by: ``packed`` is the catalogue, fit to travel."""

    catalogue: Catalogue
    packed: bytes
    restated: tuple[Restated, ...]

    @classmethod
    def of(cls, catalogue: Catalogue, restated: Sequence[Restated]) -> Known:
        """The catalogue and what decisions state of documents."""
        return cls(catalogue, pickle.dumps(catalogue, pickle.HIGHEST_PROTOCOL), tuple(restated))

    def about(self, sha256: str | None) -> tuple[Restated, ...]:
        """What is stated of this document; all, where it is not known yet."""
        return tuple(one for one in self.restated if sha256 in {one.document, None})


@dataclass(frozen=True, slots=True)
class Understood:
    """What a child hands back; ``kept`` and ``meaning`` are what the cache keeps of both.

    ``meaning`` is empty where there is nothing to keep; ``fault`` says where our own code failed.
    """

    extraction: Extraction
    reading: Reading
    kept: bytes = b""
    meaning: bytes = b""
    fault: str = ""


def read_all(documents: Sequence[Document], home: Home, known: Known) -> Iterator[ReadDocument]:
    """The documents in their order, begun when this is called; children start if need be."""
    readers = Readers(limits=home.limits, at_once=False)
    one = functools.partial(read_one, home=home, known=known, readers=readers)
    return in_order(readers, one, documents)


def read_one(document: Document, *, home: Home, known: Known, readers: Readers) -> ReadDocument:
    """What one document of the inbox says; the readers are asked for what the cache lacks."""
    place = cache.place_of_reading(
        document.sha256, document.name, known.catalogue, known.restated, home.cache
    )
    extraction = cache.kept_extraction(document, home.cache, home.limits)
    if extraction is not None:
        if not extraction.blocks:
            return ReadDocument(document, extraction, Reading(Header()), fresh=False)
        if (reading := cache.kept_reading(place)) is not None:
            return ReadDocument(document, extraction, reading, fresh=False)
        made = _meant(extraction, known, readers)
    else:
        made = _understood(document.path, document.name, known, document.sha256, readers)
        if made.kept:
            cache.keep_extraction(made.extraction, made.kept, document, home.cache, home.limits)
    if made.fault:
        logger.error("reading %s\n%s", document.name, made.fault)
    # What was read of other bytes than those that were hashed is kept under no name.
    if made.meaning and made.extraction.sha256 == document.sha256:
        cache.keep_reading(made.meaning, place)
    return ReadDocument(document, made.extraction, made.reading, fresh=extraction is None)


def read_files(
    files: Sequence[tuple[Path, str]], home: Home, known: Known
) -> Iterator[tuple[Extraction, Reading]]:
    """What files say, each by its path and the name that it goes by; the cache is left alone."""
    readers = Readers(limits=home.limits, at_once=False)

    def one(file: tuple[Path, str]) -> tuple[Extraction, Reading]:
        made = _understood(*file, known, None, readers)
        if made.fault:
            logger.error("reading %s\n%s", file[1], made.fault)
        return made.extraction, made.reading

    return in_order(readers, one, files)


def _understood(
    path: Path, name: str, known: Known, sha256: str | None, readers: Readers
) -> Understood:
    try:
        return readers.call(understand, path, name, known.packed, known.about(sha256))
    except LostError as lost:
        lost_one = replace(lost_document(path, lost), file_name=name)
        return Understood(lost_one, Reading(Header()), kept=to_json(lost_one))


def _meant(extraction: Extraction, known: Known, readers: Readers) -> Understood:
    try:
        about = known.about(extraction.sha256)
        return readers.call(give_meaning, extraction, known.packed, about)
    except LostError as lost:
        findings = (*extraction.findings, lost_finding(lost))
        return Understood(replace(extraction, findings=findings), Reading(Header()))


# ---- in the child


def understand(path: Path, name: str, packed: bytes, restated: Sequence[Restated]) -> Understood:
    """What stands in a file and what that says; the file is called ``name``."""
    extraction = replace(extract(path), file_name=name)
    return replace(give_meaning(extraction, packed, restated), kept=to_json(extraction))


def give_meaning(extraction: Extraction, packed: bytes, restated: Sequence[Restated]) -> Understood:
    """What an extraction says; a fault of our own on it is a finding. Raises MemoryError."""
    from transforms.read import read  # noqa: PLC0415 the cache's way does without it

    if not extraction.blocks:
        return Understood(extraction, Reading(Header()))  # its own findings say why
    try:
        reading = read(extraction, _unpacked(packed), restated)
    except MemoryError:
        raise
    except Exception as fault:  # noqa: BLE001 the others go on, nobody may think it was read
        detail = f"{type(fault).__name__}: {fault}"
        finding = Finding("reading-failed", {"detail": detail})
        unread = replace(extraction, findings=(*extraction.findings, finding))
        return Understood(unread, Reading(Header()), fault=traceback.format_exc())
    return Understood(extraction, reading, meaning=cache.reading_as_json(reading))


@functools.lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Catalogue:
    catalogue: Catalogue = pickle.loads(packed)  # noqa: S301 our own parent wrote it
    return catalogue
