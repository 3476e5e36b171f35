"""How well unseen documents are read: whole figures, errors by dimension and silent errors.

    python -m tests.corpus.evaluate [FOLDER ...] [--verbose]

A folder holds ``documents/``, ``truth/*.yaml`` and, where the truth does not itself say which
indicator a figure is, ``meaning/*.yaml`` (see ``README.md``). `judge` says when a figure is right.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from catalog.catalogue import Catalogue
from catalog.loader import load_catalogue
from extractors.formats import extract
from tests.corpus.judge import DIMENSIONS, Judge, Score
from transforms.read import read
from transforms.reading import Reading

HERE = Path(__file__).parent
COLUMNS = ("missing", "invented", *DIMENSIONS)
SHORT = {"indicator": "indic.", "unit_of_measure": "uom"}


def truth_of(path: Path) -> dict[str, Any]:
    """Return a document's truth, completed by what ``meaning/`` says of its figures."""
    truth: dict[str, Any] = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    meaning = path.parents[1] / "meaning" / path.name
    if not meaning.exists():
        return truth
    said = yaml.load(meaning.read_text("utf-8"), yaml.CSafeLoader)
    for figure, more in zip(truth["observations"], said, strict=True):
        if str(figure["value"]) != str(more["value"]):
            raise ValueError(f"{meaning} speaks of {more}, the truth of {figure}")
        figure.update(more)
    return truth


def documents(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each document of a set with its truth."""
    for path in sorted((folder / "truth").glob("*.yaml")):
        truth = truth_of(path)
        yield folder / "documents" / truth["file"], truth


def read_document(document: Path) -> Reading:
    """Return what is read of a file."""
    return read(extract(document), catalogue())


def evaluate_one(path: Path) -> tuple[str, Score]:
    """Return class and score of the document that a file of ``truth/`` is of."""
    truth = truth_of(path)
    reading = read_document(path.parents[1] / "documents" / truth["file"])
    return truth["class"], Judge(truth, reading, catalogue()).judge()


@cache
def catalogue() -> Catalogue:
    """Return the shipped catalogue."""
    return load_catalogue()


def line(name: str, score: Score) -> str:
    """Return a class's counts as a row of the table."""
    recall = score.right / score.expected if score.expected else 1
    precision = score.right / score.read if score.read else 1
    errors = " ".join(f"{score.errors[column]:>8}" for column in COLUMNS)
    return (
        f"{name:<24} {score.documents:>4} {score.expected:>7} {recall:>8.3f} {precision:>9.3f} "
        f"{errors} {score.flagged:>8} {len(score.silent):>7}"
    )


def header() -> str:
    """Return the table's first row."""
    errors = " ".join(f"{SHORT.get(column, column):>8}" for column in COLUMNS)
    titles = f"{'class':<24} {'docs':>4} {'figures':>7} {'recall':>8} {'precision':>9}"
    return f"{titles} {errors} {'flagged':>8} {'silent':>7}"


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def tell(name: str, score: Score) -> None:
    """Print a document's faults, silent ones first."""
    say(line(f"  {name}"[:24], score))
    for fault in score.silent:
        say(f"      SILENT {fault}")
    for fault in score.doubted:
        say(f"      doubted {fault}")


def main(arguments: Iterable[str]) -> int:
    """Print the table of the sets; return 1 where anything is silently wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--verbose", action="store_true", help="each fault, silent ones first")
    parser.add_argument("--stand", action="store_true", help="write what is left to mend")
    options = parser.parse_args(list(arguments))
    folders = options.folders or sorted(
        path.parent for path in HERE.glob("*/truth") if path.is_dir()
    )
    classes: defaultdict[str, Score] = defaultdict(Score)
    standing: dict[str, dict[str, int]] = {}
    for folder in folders:
        for path in sorted((folder / "truth").glob("*.yaml")):
            kind, score = evaluate_one(path)
            classes[kind].add(score)
            standing[path.stem] = {"silent": len(score.silent), "right": score.right}
            if options.verbose:
                tell(path.stem, score)
    if options.stand:
        (HERE / "standing.yaml").write_text(yaml.safe_dump(standing), encoding="utf-8")
    say(header())
    total = Score()
    for kind in sorted(classes):
        say(line(kind, classes[kind]))
        total.add(classes[kind])
    say(line("all", total))
    return 1 if total.silent else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
