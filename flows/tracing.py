"""What `hopnhat trace` and `hopnhat findings` say: a figure's way back to the page, and doubts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flows.errors import RunError
from flows.pipeline import records

MOST_SUGGESTIONS = 8
UNUSED = {
    "corroborated": "trùng khớp với số liệu được dùng",
    "superseded": "đã có số liệu thay thế",
    "rejected": "bị loại",
    "unmatched": "chưa khớp chỉ tiêu, đơn vị hoặc ngày nào",
}
"""The statuses of an observation that no consolidated figure uses."""

CLASSES = {
    "ordinary": "không thuộc diện đặc biệt khó khăn",
    "disadvantaged": "đặc biệt khó khăn",
    "all": "bất kỳ",
}
MET = {True: "đạt", False: "chưa đạt", None: "chưa rõ"}


def trace(warehouse: Path, key: str) -> str:
    """A consolidated figure's equation and its operands' places, or one observation's place.

    Raises RunError, with the nearest keys, for a key that is none.
    """
    if figures := records(warehouse, "figure", key=key):
        return "\n".join(_figure(warehouse, figures[0]))
    if observations := records(warehouse, "observation", key=key):
        return "\n".join(_observation(warehouse, observations[0]))
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    keys = [row["key"] for row in records(warehouse, "keys")]
    near = process.extract(key, keys, scorer=fuzz.WRatio, limit=MOST_SUGGESTIONS)
    raise RunError(
        "\n  ".join([f"Không có số liệu '{key}'. Gần giống nhất:", *(found for found, *_ in near)])
    )


def findings(warehouse: Path, *, notes: bool, as_json: bool) -> str:
    """The open findings, with or without notes, what blocks issuing first: JSON lines, or words."""
    rows = records(warehouse, "findings", notes=notes)
    if as_json:
        folding = {"parts", "named", "outside"}
        told = ({key: row[key] for key in row if key not in folding} for row in rows)
        return "\n".join(json.dumps(row, ensure_ascii=False) for row in told)
    return "\n\n".join("\n".join(lines) for lines in _folded(rows)) or "Không có điểm nghi ngờ nào."


def _folded(rows: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    """The findings in words; those on indicators that the same communes gave no figure for are
    one, and so are those on a document of a commune that the report is not on.
    """
    from reports.workbook import SEVERITIES  # noqa: PLC0415

    lacking: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    strangers: dict[str, int] = {}
    for row in rows:
        if not row["blocking"] and row["parts"] and not row["decision"]:
            lacking.setdefault(tuple(row["parts"]), []).append(row)
        elif not row["blocking"] and row["outside"]:
            strangers[row["file_name"]] = strangers.get(row["file_name"], 0) + 1
        else:
            yield list(_finding(row))
    for parts, some in lacking.items():
        if len(some) == 1:
            yield list(_finding(some[0]))
        else:
            yield list(_lacking(parts, some, SEVERITIES["warning"]))
    for name, count in strangers.items():
        yield [
            f"[{SEVERITIES['warning']}] {name}",
            f"  Văn bản của xã không thuộc báo cáo; {count} điểm nghi ngờ của nó không ảnh hưởng.",
            "  Xem từng điểm: hopnhat findings --format json",
        ]


def _lacking(parts: Sequence[str], rows: Sequence[Mapping[str, Any]], grave: str) -> Iterator[str]:
    yield f"[{grave}] {', '.join(parts)}: thiếu số liệu của {len(rows)} chỉ tiêu (incomplete)"
    for row in rows:
        why = row["message"].partition("chưa có số liệu của ")[2].partition(";")[0]
        yield f"  - {row['named']}: {why} [{row['finding']}]"


def _figure(warehouse: Path, figure: dict[str, Any]) -> Iterator[str]:
    yield from figure_lines(figure, records(warehouse, "operands", key=figure["key"]))
    yield from _pooled(warehouse, figure)
    yield from _doubts(warehouse, figure["key"])
    yield from _decisions(warehouse, figure["key"])


def figure_lines(figure: Mapping[str, Any], operands: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A consolidated figure, its equation, and its operands with their places."""
    from reports.notes import STATUSES  # noqa: PLC0415
    from reports.vietnamese import day  # noqa: PLC0415
    from reports.workbook import MEASURES, METHODS  # noqa: PLC0415

    yield (
        f"{figure['unit_name']} · {figure['indicator_name']} · "
        f"{MEASURES[figure['measure']]} · {day(figure['as_of'])}"
    )
    yield f"  = {value_of(figure)}"
    if figure["equation"]:
        yield f"  phép tính: {figure['equation']}"
    yield f"  cách gộp: {METHODS.get(figure['method'], figure['method'])}"
    yield (
        f"  tình trạng: {STATUSES.get(figure['status'], figure['status'])}, "
        f"{figure['parts_reported']}/{figure['parts_expected']} xã cũ có số liệu"
    )
    yield f"Lấy từ {len(operands)} số liệu:"
    for operand in operands:
        measure = MEASURES[operand["operand_measure"]]
        other = operand["operand_indicator"] != figure["indicator"]
        name = f"{operand['indicator_name']}, {measure}" if other else measure
        # An issued operand may have been frozen without its day and share.
        if (own_day := operand.get("own_day")) not in {None, figure["as_of"]}:
            name = f"{name} {day(own_day)}"
        yield f"- {operand['unit_name']}, {name}: {value_of(operand)}{_allocated(operand)}"
        yield f"    {place_of(operand)}"
        yield f"    nguyên văn: “{_one_line(operand['text'])}”  [{operand['observation']}]"


def _allocated(operand: Mapping[str, Any]) -> str:
    """Of a divided unit's figure: the share that counts, what that makes, what it rests on."""
    from reports.vietnamese import number  # noqa: PLC0415

    share: Decimal | None = operand.get("share")
    if share is None:
        return ""
    counted = {**operand, "value": operand["allocated"]}
    return f" × {number(share * 100, 6)} % = {value_of(counted)} (căn cứ: {operand['basis']})"


def _pooled(warehouse: Path, figure: Mapping[str, Any]) -> Iterator[str]:
    """What the pooled counts say of an attainment, condition by condition."""
    if figure["pooled_status"] is None:
        return
    from reports.notes import pooled_words  # noqa: PLC0415

    yield f"Theo số liệu gộp: {pooled_words(figure['pooled_value'], figure['pooled_status'])}"
    for condition in records(warehouse, "conditions", key=figure["key"]):
        whom = CLASSES[condition["communes"]]
        yield f"- {MET[condition['met']]} (xã {whom}): {condition['words']}"
        yield f"    căn cứ: {condition['legal_basis']}"
        yield from (f"    xem: {key}" for key in condition["keys"])


def _observation(warehouse: Path, observation: dict[str, Any]) -> Iterator[str]:
    yield from observation_lines(observation)
    for row in records(warehouse, "used_in", key=observation["observation"]):
        yield f"  dùng trong: {row['key']}"
    yield from _doubts(warehouse, observation["observation"])
    yield from _decisions(warehouse, observation["observation"])


def observation_lines(observation: Mapping[str, Any]) -> Iterator[str]:
    """One figure as it was read, a row of ``observation.sql``: what, how much, where, its words."""
    from reports.vietnamese import day  # noqa: PLC0415
    from reports.workbook import MEASURES, OBSERVATIONS  # noqa: PLC0415

    as_of = observation["as_of"]
    name = observation["indicator_name"] or f"{observation['label']} (chưa khớp chỉ tiêu nào)"
    yield (
        f"{observation['unit_name'] or 'chưa rõ đơn vị'} · {name} · "
        f"{MEASURES[observation['measure']]} · {day(as_of) if as_of else 'chưa rõ ngày'}"
    )
    yield f"  = {value_of(observation)}"
    yield f"  tình trạng: {(OBSERVATIONS | UNUSED)[observation['status']]}"
    yield f"  {place_of(observation)}"
    if observation["value"] != observation["printed_value"]:
        printed = {**observation, "value": observation["printed_value"]}
        yield f"  văn bản ghi: {value_of(printed)}"
    yield f"  nguyên văn: “{_one_line(observation['text'])}”"


def _doubts(warehouse: Path, key: str) -> Iterator[str]:
    for row in records(warehouse, "doubts_of", key=key):
        settled = f" (đã chấp nhận, quyết định {row['decision']})" if row["decision"] else ""
        yield f"Điểm nghi ngờ [{row['code']}]{settled}: {row['message']}"


def _decisions(warehouse: Path, key: str) -> Iterator[str]:
    from flows.deciding import STATUSES, described  # noqa: PLC0415
    from transforms.decisions import LINE  # noqa: PLC0415

    for row in records(warehouse, "decisions_on", key=key):
        first, *more = described(LINE.validate_json(row["line"]))
        yield f"Quyết định [{row['decision']}], {STATUSES[row['status']]}: {first}"
        yield from (f"  {line}" for line in more)


def _finding(row: Mapping[str, Any]) -> Iterator[str]:
    from reports.workbook import SEVERITIES  # noqa: PLC0415

    grave = "PHẢI XỬ LÝ" if row["blocking"] else SEVERITIES[row["severity"]]
    yield f"[{grave}] {place_of(row)} ({row['code']}) [{row['finding']}]"
    yield f"  {row['message']}"
    if row["text"]:
        yield f"  nguyên văn: “{_one_line(row['text'])}”"
    if row["decision"]:
        yield f"  đã chấp nhận theo quyết định {row['decision']}"
    else:
        yield from (f"  → hopnhat decide {command}" for command in _possible(row))


def _possible(row: Mapping[str, Any]) -> Iterator[str]:
    """What `hopnhat decide` can be told of a finding."""
    for source in row["sources"] or ():
        value = value_of({"value": Decimal(source["value"]), "unit_of_measure": ""})
        yield f"settle {source['observation']}  ({value}, {source['file_name']})"
    if row["label"]:
        yield f"wording {_quoted(row['label'])} CHỈ-TIÊU"
    elif row["observation"] and not row["sources"]:
        yield f"correct {row['observation']} GIÁ-TRỊ"
        yield f"reject {row['observation']}"
    if row["states"]:
        state = {"unit": "--unit XÃ", "as_of": "--as-of NGÀY", "draft": "--signed"}[row["states"]]
        yield f"document {_quoted(row['file_name'])} {state}"
    if row["blocking"]:
        yield f"accept {row['finding']}"


def _quoted(text: str) -> str:
    """As one word of a shell's command line."""
    return "'" + text.replace("'", "'\\''") + "'"


def value_of(row: Mapping[str, Any], decimals: int = 6) -> str:
    """The value, or its bounds, with its unit of measure."""
    from reports.vietnamese import number, span  # noqa: PLC0415

    value: Decimal | None = row["value"]
    if value is not None:
        return f"{number(value, decimals)} {row['unit_of_measure']}".rstrip()
    lower, upper = row.get("lower"), row.get("upper")
    if lower is not None and upper is not None:
        within = span(lower, upper, decimals)
        return f"không có số liệu; trong khoảng {within} {row['unit_of_measure']}"
    if lower is not None:
        return f"không có số liệu; ít nhất {number(lower, decimals)} {row['unit_of_measure']}"
    return "không có số liệu"


def place_of(row: Mapping[str, Any]) -> str:
    """File, page, table, row, column, as a reader counts."""
    from reports.report import place  # noqa: PLC0415

    return place(SimpleNamespace(**row))


def _one_line(text: str) -> str:
    return " / ".join(line.strip() for line in text.splitlines())
