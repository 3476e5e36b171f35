"""`python -m catalog.check`, and the files that are generated from the catalogue."""

from pathlib import Path

import pytest

from catalog import docs
from catalog.check import faults
from catalog.loader import load_catalogue


def test_the_shipped_catalogue_and_its_generated_files_are_without_fault() -> None:
    assert faults() == []


def test_a_generated_file_that_was_not_written_anew_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    catalogue = load_catalogue()
    written = docs.generated(catalogue)
    assert docs.stale(catalogue) == list(written)
    for path, text in written.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert docs.stale(catalogue) == []
    (tmp_path / "docs/findings.md").write_text("old", encoding="utf-8")
    assert docs.stale(catalogue) == [tmp_path / "docs/findings.md"]


def test_the_schema_refuses_what_the_loader_would_take_for_text(tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        "units:\n  - {slug: thu, name: Thử, type: xã, code: 12345, province: Huế,"
        " source: s, certainty: I}\n",
        encoding="utf-8",
    )
    assert load_catalogue(tmp_path).units["thu"].code == "12345"
    (fault,) = faults(tmp_path)
    assert "a.yaml: $.units[0].code: 12345 is not valid" in fault


def test_a_fault_of_the_loader_is_said_line_by_line(tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "a.yaml").write_text("words:\n  - {id: a}\n  - {id: B, words: [b]}\n")
    assert len(faults(tmp_path)) == 2


def test_the_data_dictionary_names_every_entry_and_every_key() -> None:
    catalogue = load_catalogue()
    text = docs.generated(catalogue)[docs.ROOT / "docs/data-dictionary.md"]
    for section in ("indicators", "units", "unit_events", "reports", "word_lists"):
        for key in getattr(catalogue, section):
            assert f"`{key}`" in text
    for definition in docs.json_schema()["$defs"].values():
        for key in definition["properties"]:
            assert f"| `{key}` |" in text


def test_the_findings_page_has_every_code_once() -> None:
    catalogue = load_catalogue()
    text = docs.generated(catalogue)[docs.ROOT / "docs/findings.md"]
    for code in catalogue.finding_kinds:
        assert text.count(f"| `{code}` |") == 1
