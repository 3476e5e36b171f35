"""The hand-written expectations agree with the samples' sources and with plain exact arithmetic.

Nothing of hopnhat is imported here but the catalogue's ids: the end-to-end test holds the program
to these expectations, so they must not rest on it.
"""

import re
import runpy
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

SAMPLES = Path(__file__).parents[2] / "samples"
CATALOGUE = SAMPLES.parent / "catalog" / "indicators"
build = runpy.run_path(str(SAMPLES / "build.py"))
EXPECTED = yaml.safe_load((SAMPLES / "expected.yaml").read_text(encoding="utf-8"))
DOCUMENTS = EXPECTED["documents"]
UNITS = EXPECTED["parts"]
SOURCES = {unit: build["load"](SAMPLES / "sources" / DOCUMENTS[unit]["source"]) for unit in UNITS}

FIGURE_COLUMNS = {  # columns of figures in each annex, counted from the left, the label aside
    "duc-hiep": (2, 3, 4, 5),
    "duc-nhuan": (3, 4, 5, 6),
    "thang-loi": (2, 3, 4),
}


def plain(text: str) -> Decimal:
    """'1.234,5' as a decimal; a point before other than three digits is a decimal point."""
    text = text.rstrip(" %")
    if re.fullmatch(r"\d+\.\d{1,2}", text):
        return Decimal(text)
    return Decimal(text.replace(".", "").replace(",", "."))


def cell_values(text: str) -> list[Decimal]:
    """The figures of one cell, in the sources' own few notations."""
    if text in {"", "-", "^"}:
        return []
    if text == "Đạt":
        return [Decimal(100)]
    return [plain(part) for part in text.split("/")]


def printed_values(sentence: str) -> set[Decimal]:
    return {plain(number.rstrip(".,")) for number in re.findall(r"\d[\d.,]*", sentence)}


def table(unit: str) -> list[dict]:
    return DOCUMENTS[unit]["table"]


def own(unit: str, indicator: str, measure: str) -> Decimal | None:
    """The annex's figure, else the narrative's, of the document's own unit and date."""
    for row in table(unit):
        for got, _, value, _ in row["figures"]:
            if (row["indicator"], got) == (indicator, measure):
                return Decimal(value)
    for sentence in DOCUMENTS[unit]["narrative"]:
        if sentence["indicator"] == indicator and not {"unit", "as_of"} & set(sentence):
            for got, value in sentence["figures"]:
                if got == measure:
                    return Decimal(value)
    return None


def rounded(value: Fraction, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    # 40 digits suffice to tell a tie: the denominators are five digits long.
    exact = Decimal(value.numerator * 10**40 // value.denominator).scaleb(-40)
    return exact.quantize(Decimal(1).scaleb(-places), rounding)


def fits(printed: Decimal, exact: Fraction) -> bool:
    places = -int(printed.as_tuple().exponent)
    return printed in {rounded(exact, places), rounded(exact, places, ROUND_DOWN)}


@pytest.mark.parametrize("unit", UNITS)
def test_entries_have_their_keys_and_no_other(unit):
    """An unquoted comma in a flow mapping would make a key of half a sentence."""
    document = DOCUMENTS[unit]
    for row in document["table"]:
        assert set(row) - {"estimated"} == {"indicator", "label", "figures"}
    for sentence in document["narrative"] + document["foreign"]:
        assert set(sentence) - {"as_of", "unit", "approximate"} == {"indicator", "text", "figures"}
    for row in EXPECTED["consolidated"].values():
        assert set(row) <= {"kind", "target", "numerator", "denominator", "count", "result"}


@pytest.mark.parametrize("unit", UNITS)
def test_every_figure_of_the_annex_is_expected_and_no_other(unit):
    rows = build["grid"](SOURCES[unit].indicators.rows)
    found = {}
    for row in rows:
        cells = [row[column] for column in FIGURE_COLUMNS[unit]]
        figures = [(cell, value) for cell in cells if cell != "<" for value in cell_values(cell)]
        if figures:
            found[row[1]] = figures
    expected = {
        row["label"]: [(cell, Decimal(value)) for _, cell, value, _ in row["figures"]]
        for row in table(unit)
    }

    assert found == expected
    assert len(found) >= 6 + 22


@pytest.mark.parametrize("unit", UNITS)
def test_estimates_are_the_rows_whose_note_says_so(unit):
    rows = build["grid"](SOURCES[unit].indicators.rows)
    noted, note = set(), ""
    for row in rows:
        note = note if row[-1] == "^" else row[-1]
        if note.startswith("Ước"):
            noted.add(row[1])

    assert noted == {row["label"] for row in table(unit) if row.get("estimated")}
    assert noted


@pytest.mark.parametrize("unit", UNITS)
def test_rates_of_the_annex_fit_their_operands_half_up_or_cut(unit):
    cut = []
    for row in table(unit):
        values = {measure: Decimal(value) for measure, _, value, _ in row["figures"]}
        if "denominator" not in values:
            continue
        exact = Fraction(100 * values["numerator"]) / Fraction(values["denominator"])
        assert fits(values["result"], exact), row["label"]
        places = -int(values["result"].as_tuple().exponent)
        if values["result"] != rounded(exact, places):
            cut.append(row["indicator"])

    assert cut == (["cong-dong-hoc-tap"] if unit == "duc-nhuan" else [])


@pytest.mark.parametrize("unit", UNITS)
def test_results_reach_their_targets(unit):
    for row in table(unit):
        values = {measure: Decimal(value) for measure, _, value, _ in row["figures"]}
        if "target" in values:
            assert values.get("result", values.get("count")) >= values["target"], row["label"]


@pytest.mark.parametrize("unit", UNITS)
def test_sentences_stand_in_the_body_and_hold_their_figures(unit):
    document, body = DOCUMENTS[unit], SOURCES[unit].body
    for sentence in document["narrative"] + document["foreign"]:
        assert sentence["text"] in body, sentence["text"]
        assert {Decimal(value) for _, value in sentence["figures"]} <= printed_values(
            sentence["text"]
        )
    assert [text for text in document["not_figures"] if text not in body] == []


@pytest.mark.parametrize("unit", UNITS)
def test_sentences_say_what_the_annex_says(unit):
    for sentence in DOCUMENTS[unit]["narrative"]:
        if {"unit", "as_of", "approximate"} & set(sentence):
            continue
        for measure, value in sentence["figures"]:
            annexed = own(unit, sentence["indicator"], measure)
            if annexed == Decimal(value):
                continue
            assert measure == "result", sentence
            numerator = own(unit, sentence["indicator"], "numerator")
            denominator = own(unit, sentence["indicator"], "denominator")
            assert fits(Decimal(value), Fraction(100 * numerator) / Fraction(denominator))


@pytest.mark.parametrize("unit", UNITS)
def test_every_number_of_the_body_is_accounted_for(unit):
    """No sentence with a percentage or a fraction is left out of the expectations."""
    document, body = DOCUMENTS[unit], SOURCES[unit].body
    listed = [sentence["text"] for sentence in document["narrative"] + document["foreign"]]
    listed += document["not_figures"]
    telling = re.finditer(r"\d[\d.,]*(?:/\d[\d.]*)?(?= ?(?:%|người|hộ|thôn|đơn vị|dòng họ))", body)
    covered = [
        (start, start + len(text))
        for text in listed
        for start in (match.start() for match in re.finditer(re.escape(text), body))
    ]
    lost = [
        body[match.start() - 40 : match.end() + 20]
        for match in telling
        if not any(start <= match.start() < end for start, end in covered)
    ]

    assert lost == []


@pytest.mark.parametrize("unit", UNITS)
def test_directives_are_those_of_the_annex_and_the_text(unit):
    source = SOURCES[unit]
    whole = "\n".join([*source.grounds, source.body, source.directives.rows])
    for kind, number, issued_on, _ in DOCUMENTS[unit]["directives"]:
        assert isinstance(issued_on, date)
        assert number in whole, number
        written = {f"{issued_on.day:02}/{issued_on.month}/{issued_on.year}"}
        written |= {f"{issued_on:%d/%m/%Y}", f"{issued_on.day} tháng {issued_on.month} năm"}
        assert any(day in whole for day in written), number
        assert kind.lower() in whole.lower()
    numbers = set(re.findall(r"\d+(?:/\d{4})?(?:/|-)[A-ZĐ][\w-]*(?:/[A-ZĐ]+)?", whole))

    assert numbers == {number for _, number, _, _ in DOCUMENTS[unit]["directives"]}


def test_directives_together():
    together = {
        (number, issued_on)
        for unit in UNITS
        for _, number, issued_on, _ in DOCUMENTS[unit]["directives"]
    }

    assert len(together) == EXPECTED["directives_together"]


def test_indicators_are_the_catalogue_s():
    known = {
        entry["id"]: entry
        for path in CATALOGUE.glob("*.yaml")
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("indicators", [])
    }
    named = {
        entry["indicator"]
        for document in DOCUMENTS.values()
        for part in ("table", "narrative", "foreign")
        for entry in document[part]
    }

    assert named <= set(known)
    assert named == set(EXPECTED["consolidated"])
    assert {name: known[name]["kind"] for name in named} == {
        name: row["kind"] for name, row in EXPECTED["consolidated"].items()
    }


@pytest.mark.parametrize("indicator", EXPECTED["consolidated"])
def test_consolidated_figures_follow_from_the_parts(indicator):
    row = EXPECTED["consolidated"][indicator]
    for measure in ("target", "numerator", "denominator", "count"):
        parts = [own(unit, indicator, measure) for unit in UNITS]
        assert (measure in row) == any(part is not None for part in parts), measure
        if measure not in row:
            continue
        expected = row[measure]
        listed = [None if part is None else Decimal(part) for part in expected["parts"]]
        assert listed == parts
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            assert expected["value"] is None
            assert expected["status"] == "incomplete"
            assert (Decimal(expected["lower"]), expected["upper"]) == (sum(known), None)
        elif measure == "target" and row["kind"] in {"rate", "attainment"}:
            assert {Decimal(expected["value"])} == set(parts)
        else:
            assert Decimal(expected["value"]) == sum(parts)
    if "result" in row:
        check_result(indicator, row)


def check_result(indicator: str, row: dict) -> None:
    result = row["result"]
    rates = [own(unit, indicator, "result") for unit in UNITS]
    if row["kind"] == "attainment":
        attained = sum(rate == 100 for rate in rates)
        assert [Decimal(part) for part in result["parts"]] == rates
        assert result["equation"] == f"{attained}/{len(UNITS)} xã cũ"
        assert Decimal(result["value"]) == rounded(Fraction(100 * attained, len(UNITS)), 6)
    elif row["denominator"]["value"] is None:
        assert [Decimal(rate) for rate in result["rates"]] == rates
        assert (result["value"], result["status"]) == (None, "missing-denominator")
        assert (Decimal(result["lower"]), Decimal(result["upper"])) == (min(rates), max(rates))
    else:
        numerator, denominator = row["numerator"]["value"], row["denominator"]["value"]
        exact = Fraction(100 * int(numerator), int(denominator))
        assert Decimal(result["value"]) == rounded(exact, 6)
        shown = f"{rounded(exact, 2)}".replace(".", ",")
        assert shown == result["shown"] or shown == f"{result['shown']},00"


def test_figures_of_other_dates():
    for expected in EXPECTED["other_dates"]:
        parts = [
            value
            for unit in UNITS
            for sentence in DOCUMENTS[unit]["narrative"]
            if sentence.get("as_of") == expected["as_of"]
            for measure, value in sentence["figures"]
            if (sentence["indicator"], measure) == (expected["indicator"], expected["measure"])
        ]
        if expected["value"] is None:
            assert len(parts) == expected["parts_reported"] < expected["parts_expected"]
        else:
            assert parts == expected["parts"]
            assert set(parts) == {expected["value"]}
