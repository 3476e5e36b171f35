"""Builds the blind documents and their truth from sources/*.yaml.

.venv/bin/python tests/corpus/blind/build.py            everything (LibreOffice, pdftoppm)
.venv/bin/python tests/corpus/blind/build.py NAME...    only these sources
.venv/bin/python tests/corpus/blind/build.py --truth    the truth alone, no documents
.venv/bin/python tests/corpus/blind/build.py --list     classes and counts of figures
.venv/bin/python tests/corpus/blind/build.py --folder tests/corpus/second …   another set
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml
from blindother import make
from blindtruth import Truth

HERE = Path(__file__).parent


def load(path: Path) -> dict[str, Any]:
    source: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    source["name"] = path.stem
    return source


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the blind documents and their truth.")
    parser.add_argument("names", nargs="*", help="sources to build; all when none is named")
    parser.add_argument("--folder", type=Path, default=HERE, help="the set: where sources/ is")
    parser.add_argument("--truth", action="store_true", help="write the truth only")
    parser.add_argument("--list", action="store_true", help="classes and counts, write nothing")
    arguments = parser.parse_args()
    paths = sorted((arguments.folder / "sources").glob("*.yaml"))
    chosen = [path for path in paths if not arguments.names or path.stem in arguments.names]
    sources = [load(path) for path in chosen]
    truths: list[Truth] = []
    for source in sources:
        try:
            truths.append(Truth(source))
        except (ValueError, KeyError, IndexError, TypeError) as fault:
            fault.add_note(f"in sources/{source['name']}.yaml")
            raise
    if arguments.list:
        rows = [
            f"{source['name']:40} {source['class']:14} {len(truth.observations):4}"
            f" {len(truth.directives()):3} {len(truth.findings):3}"
            for source, truth in zip(sources, truths, strict=True)
        ]
        figures = sum(len(truth.observations) for truth in truths)
        sys.stdout.write("\n".join([*rows, f"{len(sources)} documents, {figures} figures", ""]))
        return 0
    for folder in ("truth", "documents"):
        (arguments.folder / folder).mkdir(exist_ok=True)
    for source, truth in zip(sources, truths, strict=True):
        truth.write(arguments.folder / "truth" / f"{source['name']}.yaml")
    if not arguments.truth:
        with ThreadPoolExecutor(2) as pool:
            documents = arguments.folder / "documents"
            for _ in pool.map(lambda source: make(source, documents / source["file"]), sources):
                pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
