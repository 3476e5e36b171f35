"""Loads the catalogue: reads the YAML files, lays the data folder's over them, cross-checks.

Every scalar reaches the models as the text that stands in the file: a figure becomes a Decimal and
a day a date without ever having been a float or a guess of YAML's.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from catalog.catalogue import Catalogue
from catalog.checks import faults_between
from catalog.country import Country
from catalog.model import CatalogueFile, WordList

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["Catalogue", "CatalogueError", "load_catalogue"]

SHIPPED = Path(__file__).parent


class CatalogueError(Exception):
    """The catalogue is at fault. One line a fault: file, line, entry, key, what is wrong."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry, its content (texts, None, lists, dicts), and its file and line."""

    entry: Any
    plain: dict[str, Any]
    place: str


Layer = dict[str, dict[str, Placed]]
"""Section -> key of an entry -> the entry."""


def load_catalogue(home: Path | None = None) -> Catalogue:
    """The shipped catalogue with the entries of ``home/catalog/`` added or put in their place.

    Raises CatalogueError with all faults of the files, or else with all faults between entries.
    """
    placed: Layer = {section: {} for section in CatalogueFile.model_fields}
    for folder in (SHIPPED,) if home is None else (SHIPPED, home / "catalog"):
        for section, entries in _read_folder(folder).items():
            placed[section].update(entries)
    catalogue = _catalogue(placed)
    faults = [
        f"{placed[section][key].place}: {section} '{key}': {fault}"
        for section, key, fault in faults_between(catalogue)
    ]
    if faults:
        raise CatalogueError("\n".join(faults))
    return catalogue


def _catalogue(placed: Layer) -> Catalogue:
    plain = {section: {key: of.plain for key, of in placed[section].items()} for section in placed}
    country = Country.load()
    canonical = json.dumps([plain, country.digest], ensure_ascii=False, sort_keys=True).encode()
    by_key = {section: {key: of.entry for key, of in placed[section].items()} for section in placed}
    return Catalogue(
        groups=by_key["groups"],
        indicators=by_key["indicators"],
        units=by_key["units"],
        unit_events=by_key["unit_events"],
        reports=by_key["reports"],
        references=by_key["references"],
        word_lists=by_key["words"],
        words=_words(by_key["words"].values()),
        finding_kinds=by_key["findings"],
        digest=hashlib.sha256(canonical).hexdigest(),
        country=country,
        sentences=by_key["sentences"],
        numeral_reasons=by_key["numerals"],
    )


def _words(lists: Iterable[WordList]) -> dict[str, tuple[str, ...]]:
    """Every list's words by its id, and all words of a family by the family's name."""
    words: dict[str, tuple[str, ...]] = {}
    for entry in lists:
        words[entry.id] = entry.words
        if entry.family is not None:
            words[entry.family] = words.get(entry.family, ()) + entry.words
    return words


def catalogue_files(folder: Path) -> list[Path]:
    """The YAML files in a folder and below it, in a stable order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".yaml", ".yml"})


def entry_key(entry: Mapping[str, Any]) -> str:
    """What names an entry: its id, a unit's slug."""
    return str(entry.get("id", entry.get("slug", "?")))


def read_plain(path: Path) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """A file's content with every scalar as text (None for null), and its entries' lines.

    Raises CatalogueError with file and line for broken YAML, a repeated key, an alias, or bytes
    that are not UTF-8.
    """
    try:
        text = unicodedata.normalize("NFC", path.read_bytes().decode("utf-8-sig"))
        root = yaml.compose(text, Loader=yaml.CBaseLoader)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogueError(
            f"{path}: not YAML in UTF-8: {' '.join(str(error).split())}"
        ) from error
    if root is None:
        return {}, {}
    if not isinstance(root, yaml.MappingNode):
        raise CatalogueError(f"{path}:1: sections expected ('indicators:', 'units:' …)")
    lines = {
        section.value: [entry.start_mark.line + 1 for entry in entries.value]
        for section, entries in root.value
        if isinstance(entries, yaml.SequenceNode)
    }
    return dict(_plain(root, path, set())), lines


def _plain(node: yaml.Node, path: Path, seen: set[int]) -> Any:
    place = f"{path}:{node.start_mark.line + 1}"
    if id(node) in seen:
        raise CatalogueError(f"{place}: aliases (*name) are not used in the catalogue")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        quoted = bool(node.style)
        return None if not quoted and node.value in {"", "~", "null"} else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, path, seen) for item in node.value]
    mapping = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in mapping:
            raise CatalogueError(
                f"{path}:{key.start_mark.line + 1}: key '{key.value}' stands twice"
            )
        mapping[key.value] = _plain(value, path, seen)
    return mapping


def _read_folder(folder: Path) -> Layer:
    layer: Layer = defaultdict(dict)
    faults: list[str] = []
    for path in catalogue_files(folder):
        for section, placed in _read_file(path, faults):
            key = entry_key(placed.plain)
            if key in layer[section]:
                other = layer[section][key].place
                faults.append(f"{placed.place}: {section} '{key}': stands at {other} too")
            layer[section][key] = placed
    if faults:
        raise CatalogueError("\n".join(faults))
    return layer


def _read_file(path: Path, faults: list[str]) -> Iterator[tuple[str, Placed]]:
    """The entries of a file with their sections; faults are added to the list instead."""
    plain, lines = read_plain(path)
    try:
        validated = CatalogueFile.model_validate(plain)
    except ValidationError as error:
        faults.extend(_fault(path, plain, lines, detail) for detail in error.errors())
        return
    for section, section_lines in lines.items():
        for entry, content, line in zip(
            getattr(validated, section), plain[section], section_lines, strict=True
        ):
            yield section, Placed(entry, content, f"{path}:{line}")


def _fault(
    path: Path, plain: Mapping[str, Any], lines: Mapping[str, list[int]], detail: ErrorDetails
) -> str:
    section, *inner = (str(step) for step in detail["loc"])
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        message = "no such key"
    if not inner:
        return f"{path}:1: {section}: {message}"
    index = int(inner[0])
    entry, line = plain[section][index], lines[section][index]
    key = entry_key(entry) if isinstance(entry, dict) else "?"
    return f"{path}:{line}: {section} '{key}': {'.'.join(inner[1:]) or 'entry'}: {message}"
