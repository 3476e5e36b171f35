"""What ought to be read out of a source, put together from the source's own notes.

Nothing is guessed: a source says of every column and row what it holds (``reading``) and of every
sentence what it counts (``figures``). A number that no note speaks of stops the build.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import yaml
from blindgrid import Cell, Grid, content, parse_grid, printed

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"
MEDIA = {
    "docx": f"{OFFICE}.wordprocessingml.document",
    "docm": "application/vnd.ms-word.document.macroEnabled.12",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "odt": f"{OPEN}.text",
    "ods": f"{OPEN}.spreadsheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "rtf": "application/rtf text/rtf",
    "html": "text/html",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "tif": "image/tiff",
}
MEASURES = ("target", "result", "numerator", "denominator", "count")
DATES = re.compile(
    r"(?:từ |đến |hết )?(?:ngày \d{1,2}(?:[/.-]\d{1,2}[/.-]\d{4}| tháng \d{1,2} năm \d{4})"
    r"|tháng \d{1,2}(?:/| năm )\d{4}|(?:năm|giai đoạn)(?: học)? \d{4}(?: ?[-–] ?\d{4})?"
    r"|\d+ tháng đầu năm \d{4})",
    re.IGNORECASE,
)
MARK = re.compile(r"([=#>.] )?(?:[IVXLC]+\.|\d+(?:\.\d+)*[.)-]?|[a-zđ]\))\s")
DIGITS = re.compile(r"\d[\d.,]*\d|\d")


def slug(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    letters = "".join(
        letter for letter in plain if not unicodedata.combining(letter) and letter not in "'’"
    )
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def decimal_text(text: str, point: str = ",") -> str:
    """'1.234,5' is 1234.5; with point '.', '95.6' is 95.6."""
    text = text.strip()
    if point == ",":
        if re.search(r"\.\d{1,2}$|\.\d{4,}|\.\d{1,2}\.", text):
            raise ValueError(f"not a Vietnamese number: {text}")
        text = text.replace(".", "").replace(",", ".")
    return str(Decimal(text.replace(",", "") if point == "." else text))


def alternatives(value: Any) -> list[Any]:
    """'a|b' and lists are alternatives; anything else is the only one."""
    if isinstance(value, list):
        return [None if item is None else str(item) for item in value]
    if value is None:
        return [None]
    return str(value).split("|")


def labels(text: str) -> list[str]:
    """'thu · kế hoạch|KH' is 'thu · kế hoạch' or 'thu · KH'."""
    parts = [part.split("|") for part in text.split(" · ")]
    return [" · ".join(filter(None, words)) for words in itertools.product(*parts)]


def media_types(source: dict[str, Any]) -> list[str]:
    """What the bytes are, whatever the file's name says."""
    way = source["make"]
    if way == "scan":
        way = Path(source["file"]).suffix.removeprefix(".")
    elif source.get("macro"):
        way = "docm"
    return MEDIA[way.rpartition("-")[2]].split()


def fits(numerator: Decimal, denominator: Decimal, rate: str) -> bool:
    shown = Decimal(rate)
    step = Decimal(1).scaleb(int(shown.as_tuple().exponent))
    exact = numerator * 100 / denominator
    return shown in (exact.quantize(step, ROUND_HALF_UP), exact.quantize(step, ROUND_DOWN))


def meaning(spec: dict[str, Any], measure: str) -> dict[str, list[Any]]:
    """What the source says of the catalogue's entry: 'a|b', 'none', or one of these a measure."""
    given = spec.get("indicator")
    if isinstance(given, dict):
        given = next(given[kind] for kind in measure.split("|") if kind in given)
    if given is None:
        return {}
    return {"indicator": [None if one == "none" else one for one in alternatives(given)]}


class Coverage:
    """Which stretches of the paragraphs a note speaks of."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.marks = [[False] * len(text) for text in texts]

    def cover(self, fragment: str, *, every: bool = False) -> None:
        hits = 0
        for text, marks in zip(self.texts, self.marks, strict=True):
            start = text.find(fragment)
            while start >= 0:
                marks[start : start + len(fragment)] = [True] * len(fragment)
                hits += 1
                start = text.find(fragment, start + 1)
        if not hits:
            raise ValueError(f"no paragraph says '{fragment}'")
        if hits > 1 and not every:
            raise ValueError(f"said {hits} times: '{fragment}'")

    def finish(self) -> None:
        """Dates and the marks of headings need no note; every other number does."""
        for text, marks in zip(self.texts, self.marks, strict=True):
            for date in DATES.finditer(text):
                marks[date.start() : date.end()] = [True] * len(date[0])
            mark = MARK.match(text)
            for match in () if text.startswith("= ") else DIGITS.finditer(text):
                if not marks[match.start()] and not (mark and match.end() <= mark.end()):
                    raise ValueError(f"no note speaks of '{match[0]}' in: {text}")


class Truth:
    """The truth of one source."""

    def __init__(self, source: dict[str, Any]) -> None:
        self.source = source
        self.place: dict[str, Any] = source["place"]
        self.document: dict[str, Any] = source["document"]
        self.observations: list[dict[str, Any]] = []
        self.not_figures: list[dict[str, Any]] = []
        self.optional: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []
        self.units: dict[str, list[Any]] = {}
        self.tables = 0
        self.texts: list[str] = []
        if "sheets" in source:
            for part in source["sheets"]:
                self.sheet(part)
        else:
            self.blocks(source["body"])
        self.sentences()
        self.findings += source.get("findings", [])

    # --- units ------------------------------------------------------------------------------------

    def unit(self, name: Any) -> str:
        """The name under which the accepted slugs stand at the truth's top."""
        key = "+".join(str(one) for one in name) if isinstance(name, list) else str(name or "none")
        key = slug(key.removeprefix("self/"))
        self.units[key] = self.slugs(name)
        return key

    def slugs(self, name: Any) -> list[Any]:
        if isinstance(name, list):
            return list(dict.fromkeys(known for one in name for known in self.slugs(one)))
        if name is None:
            return [None]
        if name in ("self", "district", "province"):
            return self.own(name)
        if name.startswith("commune/"):
            return self.own("self", slug(name.removeprefix("commune/")))
        if name.startswith("self/"):
            village = slug(name.removeprefix("self/"))
            bare = re.sub(r"^(thon|xom|ap|to-dan-pho|khoi|khu|buon|ban)-", "", village)
            names = [village] if bare.isdigit() else [village, bare]
            if village == bare:
                names = [village, f"thon-{village}", f"xom-{village}", f"ap-{village}"]
            return [
                None if base is None else f"{base}/{one}"
                for base in self.own("self")
                for one in (names if base else [""])
            ]
        return [str(name)]

    def own(self, level: str, neighbour: str | None = None) -> list[Any]:
        """Slugs of the place's own level, or of a commune of the same district."""
        place = {key: slug(str(value)) for key, value in self.place.items()}
        place["commune"] = neighbour or place["commune"]
        if level == "self":
            if "slug" in self.place and not neighbour:
                return alternatives(self.place["slug"])
            names, behind = [place["commune"]], ["district", "province"]
            if self.place.get("plain") is False:
                names = []
            base = place["commune"]
        else:
            base = place.get(level, "")
            names, behind = ([base] if base else []), ["province"] * (level == "district")
        known = [place[key] for key in behind if key in place]
        longer = [f"{base}-{one}" for one in known]
        if len(known) > 1:
            longer.append(f"{base}-{'-'.join(known)}")
        return [None, *dict.fromkeys([*names, *longer])]

    # --- tables -----------------------------------------------------------------------------------

    def blocks(self, blocks: list[Any]) -> None:
        for block in blocks:
            if isinstance(block, str):
                self.texts += [
                    " ".join(text.split("\n")) for text in re.split(r"\n\s*\n", block.strip())
                ]
            elif "pair" in block:
                self.tables += block["pair"].get("as", "table") == "table"
            elif "layout" in block:
                self.tables += 1
                for inner in block["layout"]:
                    self.blocks(inner)
            else:
                self.table(block)

    def sheet(self, part: dict[str, Any]) -> None:
        self.table(part)
        if part.get("hidden"):
            why = f"sheet '{part['name']}' is hidden"
            self.findings.append({"place": f"sheet {part['name']}", "why": why, "severity": "info"})
        for kind in ("rows", "columns"):
            for number in part.get(f"hidden_{kind}", []):
                where = f"sheet {part['name']}, {kind[:-1]} {number} (0-based)"
                why = f"{kind[:-1]} is hidden"
                self.findings.append({"place": where, "why": why, "severity": "info"})

    def table(self, block: dict[str, Any]) -> None:
        grid = parse_grid(block["grid"])
        reading = block.get("reading")
        index, self.tables = self.tables, self.tables + 1
        if reading is None:
            raise ValueError(f"table {index} says nothing of its reading")
        for row in range(reading.get("header", 1), grid.height):
            if not grid.notes[row].get("skip"):
                self.row(grid, row, block, index)
        self.arithmetic(grid, reading, index)

    def row(self, grid: Grid, row: int, block: dict[str, Any], index: int) -> None:
        reading, note = block["reading"], grid.notes[row]
        ignored = {*reading.get("ignore", []), reading.get("label"), reading.get("unit")}
        cells = [grid.starts(row, column) for column in range(grid.width) if column not in ignored]
        for cell in filter(None, cells):
            spec = self.spec(reading, note, row, cell.column)
            if spec is None or cell.column in note.get("not", []):
                if DIGITS.search(cell.text) and cell.column not in note.get("not", []):
                    raise ValueError(f"table {index}, row {row}: nothing is said of '{cell.text}'")
                continue
            where = {"sheet": block["name"]} if "name" in block else {"table": index}
            hidden = block.get("hidden") or row in block.get("hidden_rows", [])
            hidden = hidden or cell.column in block.get("hidden_columns", [])
            place = {**where, "row": row, "column": cell.column}
            self.cell(grid, cell, {**reading, **spec}, place, hidden=bool(hidden))
        for cell in (cell for cell in grid.cells if cell.row == row):
            for nested in re.findall(r"\[\[(\w+)\]\]", cell.text):
                self.table(block["nested"][nested])

    @staticmethod
    def spec(
        reading: dict[str, Any], note: dict[str, Any], row: int, column: int
    ) -> dict[str, Any] | None:
        own = reading.get("columns", {}).get(column)
        single = reading.get("cells", {}).get(f"{row},{column}", {})
        if own is None and not single:
            return None
        for_row = {key: value for key, value in note.items() if key not in ("not", "fault")}
        words = [part["label"] for part in (own or {}, single) if "label" in part]
        merged = {**(own or {}), **for_row, **single}
        merged.pop("label", None)
        if column in reading.get("percent", []):
            merged["uom"] = "%"
        if single == {} and f"{row},{column}" in reading.get("cells", {}):
            return None
        if "measure" not in merged and "attain" not in merged:
            return None
        return {**merged, "words": words, "row_words": note.get("label")}

    def cell(
        self, grid: Grid, cell: Cell, spec: dict[str, Any], place: dict[str, Any], *, hidden: bool
    ) -> None:
        text = cell.text.replace("**", "")
        shown = text.partition("=>")[2].strip() if text.startswith("=") else text.removeprefix("'")
        if text.startswith("=") and not shown:
            where = ", ".join(f"{key} {value}" for key, value in place.items())
            self.findings.append({"place": where, "why": "formula without a cached value"})
            return
        measures, values = self.values(content(shown), spec)
        if not values:
            return
        label = self.label(grid, cell.row, spec)
        units = spec.get("uom", "")
        units = units if isinstance(units, list) else [units] * len(values)
        whose = self.whose(grid, cell.row, spec)
        for measure, value, uom in zip(measures, values, units, strict=True):
            if hidden:
                where = ", ".join(f"{key} {number}" for key, number in place.items())
                self.not_figures.append({"text": shown, "why": "hidden", "place": where})
                continue
            kinds = alternatives(measure)
            rate = kinds == ["result"] and len(units) > 1
            if uom == "%" and "result" in kinds:
                kinds = ["result"]
            self.observations.append(
                {
                    "label": labels(label),
                    "measure": kinds,
                    "value": value,
                    "unit_of_measure": ["%"] if rate and not uom else alternatives(uom),
                    "unit": whose,
                    "as_of": alternatives(spec.get("as_of", self.document["as_of"])),
                    "text": printed(shown).replace("¶", " "),
                    "at": place,
                    **meaning(spec, measure),
                    **({"approximate": True} if spec.get("approximate") else {}),
                }
            )

    def whose(self, grid: Grid, row: int, spec: dict[str, Any]) -> str:
        """The unit of a cell: the source's word for it, else the name in the unit column."""
        if "whose" in spec or not isinstance(spec.get("unit"), int):
            return self.unit(spec.get("whose", "self"))
        return self.unit(f"self/{content(grid.at(row, spec['unit']).text).replace('**', '')}")

    @staticmethod
    def label(grid: Grid, row: int, spec: dict[str, Any]) -> str:
        words = list(spec["words"])
        if spec.get("row_words") is not None:
            words.insert(0, str(spec["row_words"]))
        elif isinstance(spec.get("name", spec.get("label")), int):  # name: a column's own
            named = spec.get("name", spec.get("label"))
            text = content(grid.at(row, named).text).replace("**", "").replace("¶", " ")
            text = re.sub(r"^\s*(?:[-+*•]|\d+(?:\.\d+)*[.)]?|[a-zđ]\)|[IVX]+\.)\s+", "", text)
            text = re.sub(r"\s*\([^()]*\)$", "", text.strip())  # a unit in brackets
            text = re.sub(r"^Trong đó:?\s+", "", text)
            words.insert(0, text.strip())
        elif isinstance(spec.get("label"), list):
            words = [content(grid.at(row, one).text) for one in spec["label"]] + words
        return " · ".join(word for word in words if word)

    @staticmethod
    def values(text: str, spec: dict[str, Any]) -> tuple[list[str], list[str]]:
        text = text.replace("¶", " ").strip()
        attain = spec.get("attain")
        if attain is not None:
            low = text.lower()
            if not low or low == "-":
                return [], []
            known = {"đạt": "100", "chưa đạt": "0", "không đạt": "0"}
            value = known[low] if attain == "text" else str(attain)
            return ["result"], [value]
        if "value" in spec:
            return [spec["measure"]], [str(spec["value"])]
        measure = spec["measure"]
        wanted = measure if isinstance(measure, list) else [measure]
        numbers = DIGITS.findall(text)
        if not numbers:
            return [], []
        if len(numbers) != len(wanted):
            raise ValueError(f"{len(numbers)} numbers in '{text}', {len(wanted)} wanted")
        point = spec.get("point", ",")
        sign = "-" if re.match(r"[-−]\d", text) else ""
        return wanted, [sign + decimal_text(one, point) for one in numbers]

    def arithmetic(self, grid: Grid, reading: dict[str, Any], index: int) -> None:
        point = reading.get("point", ",")

        def at(row: int, column: int) -> Decimal | None:
            text = content(grid.at(row, column).text).replace("**", "").lstrip("'")
            text = text.partition("=>")[2] if text.startswith("=") else text
            found = DIGITS.findall(text)
            return Decimal(decimal_text(found[0], point)) if found else None

        for numerator, denominator, rate in reading.get("rates", []):
            for row in range(reading.get("header", 1), grid.height):
                note = grid.notes[row]
                top, bottom, shown = at(row, numerator), at(row, denominator), at(row, rate)
                if note.get("skip") or None in (top, bottom, shown) or not bottom:
                    continue
                if fits(top, bottom, str(shown)) == (rate in note.get("fault", [])):
                    exact = top * 100 / bottom
                    raise ValueError(f"table {index}, row {row}: {top}/{bottom}={exact} {shown}")
        for total in reading.get("sums", []):
            first, last = (int(part) for part in total["of"].split("-"))
            for column in total["columns"]:
                parts = [at(row, column) or Decimal(0) for row in range(first, last + 1)]
                whole = at(total["row"], column)
                wrong = column in grid.notes[total["row"]].get("fault", [])
                if (whole == sum(parts)) == wrong:
                    raise ValueError(f"table {index}, column {column}: {whole}, not {sum(parts)}")

    # --- sentences --------------------------------------------------------------------------------

    def sentences(self) -> None:
        words = Coverage([content(text) for text in self.texts])
        for entry in self.source.get("figures", []):
            self.figure(entry)
            words.cover(entry["in"], every=entry.get("again", False))
        for entry in self.source.get("optional", []):
            if not entry.get("table"):
                words.cover(entry["in"], every=entry.get("again", False))
            extra = {key: entry[key] for key in entry if key not in ("in", "table", "again")}
            self.optional.append({"text": entry["in"], **extra})
        for entry in self.source.get("not_figures", []):
            fragment, why = next(iter(entry.items()))
            self.not_figures.append({"text": str(fragment), "why": why})
            if not entry.get("table"):
                words.cover(fragment, every=True)
        for entry in self.source.get("directives", []):
            if not entry.get("table"):
                words.cover(entry["in"], every=True)
        words.finish()

    def figure(self, entry: dict[str, Any]) -> None:
        given = {
            measure: value for measure, value in entry.items() if measure.split("|")[0] in MEASURES
        }
        if not given:
            raise ValueError(f"nothing is said of '{entry['in']}'")
        if {"numerator", "denominator", "result"} <= given.keys() and not entry.get("misfit"):
            top, bottom = Decimal(given["numerator"]), Decimal(given["denominator"])
            if not fits(top, bottom, str(given["result"])):
                raise ValueError(f"{entry['in']}: {top * 100 / bottom}")
        counted = any(kind.split("|")[0] in ("numerator", "denominator") for kind in given)
        for measure, value in given.items():
            if isinstance(value, float):
                raise TypeError(f"quote the decimal in '{entry['in']}'")
            bare = re.sub(r"\D", "", entry["in"])
            if re.sub(r"\D", "", str(value)).strip("0") not in bare and "words" not in entry:
                raise ValueError(f"{value} does not stand in '{entry['in']}'")
            rate = {*measure.split("|")} <= {"result", "target"} and (counted or "uom" not in entry)
            as_of = entry.get(f"{measure}_as_of", entry.get("as_of", self.document["as_of"]))
            self.observations.append(
                {
                    "label": labels(entry["label"]),
                    "measure": alternatives(measure),
                    "value": str(value),
                    "unit_of_measure": ["%"] if rate else alternatives(entry.get("uom", "")),
                    "unit": self.unit(entry.get("unit", "self")),
                    "as_of": alternatives(as_of),
                    "text": entry["in"],
                    "at": None,
                    **meaning(entry, measure),
                    **({"approximate": True} if entry.get("approximate") else {}),
                }
            )

    # --- the file ---------------------------------------------------------------------------------

    def directives(self) -> list[dict[str, Any]]:
        return [
            {key: value for key, value in entry.items() if key not in ("in", "table")}
            for entry in self.source.get("directives", [])
        ]

    def write(self, path: Path) -> None:
        document = {
            "unit": self.slugs(self.document.get("unit", "self")),
            "number": alternatives(self.document["number"]),
            "issued_on": alternatives(self.document["issued_on"]),
            "as_of": alternatives(self.document["as_of"]),
            "media_type": media_types(self.source),
        }
        replaced = self.source.get("replaces")
        units = "\n".join(f"  {key}: {line(slugs)}" for key, slugs in self.units.items())
        parts = [
            "# Put together by build.py from the source of this name; mend the source, not this.",
            f"file: {line(self.source['file'])}",
            f"class: {self.source['class']}",
            f"document: {line(document)}",
            *([f"replaces: {line(replaced)}"] if replaced else []),
            f"units:\n{units}",
            listed("observations", self.observations),
            listed("not_figures", self.not_figures),
            listed("optional", self.optional),
            listed("directives", self.directives()),
            listed("findings_expected", self.findings),
        ]
        path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def line(value: Any) -> str:
    """One value in YAML's flow style on one line."""
    dumped = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**9
    )
    return dumped.removesuffix("\n").removesuffix("\n...")


def listed(name: str, entries: list[dict[str, Any]]) -> str:
    if not entries:
        return f"{name}: []"
    return "\n".join([f"{name}:", *(f"  - {line(stringed(entry))}" for entry in entries)])


def stringed(entry: dict[str, Any]) -> dict[str, Any]:
    """Dates as strings, so that a reader of YAML gives back strings only."""
    return {
        key: value if isinstance(value, str | list | dict | bool | int | None) else str(value)
        for key, value in entry.items()
    }
