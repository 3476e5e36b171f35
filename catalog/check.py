"""Checks the catalogue, read only: ``python -m catalog.check [DATA FOLDER]``.

Every YAML file against the JSON schema, all entries against each other, the generated files
against the catalogue. Prints one line a fault on stderr and exits with 1 if there are any.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import yaml

from catalog.docs import json_schema, stale
from catalog.loader import SHIPPED, CatalogueError, catalogue_files, load_catalogue


def faults(home: Path | None = None) -> list[str]:
    """All faults of the shipped catalogue, and of the data folder's if there is one."""
    try:
        catalogue = load_catalogue(home)
    except CatalogueError as error:
        return str(error).splitlines()
    folders = [SHIPPED] if home is None else [SHIPPED, home / "catalog"]
    found = [fault for folder in folders for fault in _schema_faults(folder)]
    if home is None:
        found += [f"{path}: out of date; run python -m catalog.docs" for path in stale(catalogue)]
    return found


class _EditorLoader(yaml.CSafeLoader):
    """YAML as the schema speaks of it: whole numbers and truth values; all else is text."""


_EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag.endswith((":int", ":bool", ":null"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _schema_faults(folder: Path) -> Iterator[str]:
    """What an editor that knows the schema underlines."""
    validator = jsonschema.Draft202012Validator(json_schema())
    for path in catalogue_files(folder):
        content = yaml.load(path.read_text("utf-8-sig"), _EditorLoader)  # noqa: S506 - a safe one
        for error in validator.iter_errors(content or {}):
            yield f"{path}: {error.json_path}: {error.message}"


def main() -> None:
    """Checks the shipped catalogue, or with an argument also that data folder's."""
    found = faults(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
