"""What the loader makes of YAML files, right and wrong."""

import pickle
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.loader import CatalogueError, load_catalogue

Overlay = Callable[..., Path]

INDICATOR = """
indicators:
  - id: so-cay-xanh
    name: Số cây xanh đã trồng
    group: dan-so
    kind: count
    roll_up: sum
    unit_of_measure: cây
    precision: 0
    maximum: 0.10
    source: Invented
    certainty: I
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Overlay:
    """Writes files into a data folder's catalogue and returns the data folder."""

    def write(**files: str) -> Path:
        folder = tmp_path / "catalog" / "sub"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def fault_of(home: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(home)
    return str(caught.value)


def test_an_overlay_adds_an_entry_with_exact_figures(overlay: Overlay) -> None:
    indicator = load_catalogue(overlay(a=INDICATOR)).indicators["so-cay-xanh"]
    assert indicator.maximum == Decimal("0.10")
    assert str(indicator.maximum) == "0.10"
    assert indicator.name == "Số cây xanh đã trồng"


def test_an_overlay_replaces_an_entry_whole_and_leaves_the_others(overlay: Overlay) -> None:
    shipped = load_catalogue()
    replaced = INDICATOR.replace("so-cay-xanh", "so-lop").replace("Số cây xanh đã trồng", "Số lớp")
    merged = load_catalogue(overlay(a=replaced))
    assert merged.indicators["so-lop"].wordings == ()
    assert shipped.indicators["so-lop"].wordings != ()
    assert merged.indicators["dan-so"] == shipped.indicators["dan-so"]
    assert set(merged.indicators) == set(shipped.indicators)


def test_a_data_folder_without_a_catalogue_changes_nothing(tmp_path: Path) -> None:
    assert load_catalogue(tmp_path) == load_catalogue()


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "indicators: []\n"])
def test_a_file_without_entries_is_no_fault(overlay: Overlay, text: str) -> None:
    assert load_catalogue(overlay(a=text)).digest == load_catalogue().digest


def test_decomposed_letters_and_a_byte_order_mark_are_read(overlay: Overlay) -> None:
    text = "\ufeff" + unicodedata.normalize("NFD", INDICATOR)
    name = load_catalogue(overlay(a=text)).indicators["so-cay-xanh"].name
    assert name == unicodedata.normalize("NFC", "Số cây xanh đã trồng")


def test_codes_keep_their_leading_zeros_and_days_are_days() -> None:
    units = load_catalogue().units
    assert units["thang-loi-cao-bang"].code == "01540"
    assert units["long-phung"].valid_from == date(2025, 7, 1)


def test_the_digest_sees_content_and_neither_order_nor_file(overlay: Overlay) -> None:
    other = INDICATOR.replace("so-cay-xanh", "so-giong-cay").replace("cây xanh", "giống cây")
    together = load_catalogue(overlay(a=INDICATOR + other.replace("\nindicators:\n", ""))).digest
    assert load_catalogue(overlay(a=other, b=INDICATOR)).digest == together
    changed = INDICATOR.replace("0.10", "0.11")
    assert load_catalogue(overlay(a=other, b=changed)).digest != together


def test_the_catalogue_can_be_handed_to_another_process() -> None:
    catalogue = load_catalogue()
    assert pickle.loads(pickle.dumps(catalogue)) == catalogue


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("precision: 0", "precison: 0", "indicators 'so-cay-xanh': precison: no such key"),
        ("kind: count", "kind: cuont", "indicators 'so-cay-xanh': kind: Input should be 'count'"),
        ("unit_of_measure: cây", "", "indicators 'so-cay-xanh': unit_of_measure: Field required"),
        ("maximum: 0.10", "maximum: nhiều", "indicators 'so-cay-xanh': maximum: Input should be"),
        ("maximum: 0.10", "maximum: .nan", "indicators 'so-cay-xanh': maximum: Input should be"),
        ("so-cay-xanh", "Số cây", "indicators 'Số cây': id: String should match pattern"),
        ("\nindicators:", "\nindicator:", "indicator: no such key"),
        ("precision: 0", "precision: 0\n    precision: 1", ":10: key 'precision' stands twice"),
        ("precision: 0", "precision: &a 0\n    minimum: *a", ":9: aliases (*name) are not used"),
        ("precision: 0", "precision: [0", "not YAML in UTF-8: while parsing"),
        (INDICATOR, "\n- id\n", "sections expected ('indicators:', 'units:' …)"),
        (INDICATOR, "indicators: {a: b}", "indicators: Input should be a valid tuple"),
        (INDICATOR, "indicators: [a]", "indicators '?': entry: Input should be a valid"),
    ],
)
def test_a_fault_is_said_with_file_line_entry_and_key(
    overlay: Overlay, before: str, after: str, said: str
) -> None:
    assert before in INDICATOR
    fault = fault_of(overlay(a=INDICATOR.replace(before, after)))
    assert said in fault
    assert "sub/a.yaml:" in fault


def test_bytes_that_are_no_text_are_a_fault(overlay: Overlay) -> None:
    home = overlay(a="")
    (home / "catalog/sub/a.yaml").write_bytes(b"\xff\xfe\x00x")
    assert "a.yaml: not YAML in UTF-8" in fault_of(home)


def test_all_faults_of_all_files_are_said_at_once(overlay: Overlay) -> None:
    fault = fault_of(
        overlay(
            a=INDICATOR.replace("precision", "precison"), b=INDICATOR.replace("kind: count", "")
        )
    )
    assert "a.yaml:3: indicators 'so-cay-xanh': precison: no such key" in fault
    assert "b.yaml:3: indicators 'so-cay-xanh': kind: Field required" in fault


def test_one_id_in_two_files_of_a_layer_is_a_fault(overlay: Overlay) -> None:
    fault = fault_of(overlay(a=INDICATOR, b=INDICATOR))
    assert "b.yaml:3: indicators 'so-cay-xanh': stands at" in fault
    assert "a.yaml:3 too" in fault


def test_a_file_ending_in_yml_is_not_passed_over(overlay: Overlay) -> None:
    home = overlay(a=INDICATOR)
    (home / "catalog/sub/a.yaml").rename(home / "catalog/sub/a.YML")
    assert "so-cay-xanh" in load_catalogue(home).indicators
