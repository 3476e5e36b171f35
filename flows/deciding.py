"""Making a decision: what it is about, as the published warehouse shows it, and what would change.

Nothing here writes: a proposal becomes a decision when it is appended to the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from catalog.catalogue import Catalogue
from flows.decision_log import Log, new_id
from flows.errors import RunError, UsageError
from flows.pipeline import records
from transforms.decisions import (
    LINE,
    MOST_DECIMALS,
    Accept,
    Allocate,
    Component,
    Correct,
    Decision,
    Document,
    Gone,
    Reject,
    Seen,
    SeenDocument,
    Settle,
    Withdraw,
    Wording,
    divides,
    in_words,
)
from transforms.reading import Header, HeaderField

if TYPE_CHECKING:
    from reports.answers import Answer

MOST_SUGGESTIONS = 5
MOST_SHOWN = 2000
"""Characters of a text that a decision quotes."""
KINDS = {
    "wording": "Gắn cách ghi vào chỉ tiêu",
    "settle": "Chọn số liệu",
    "correct": "Sửa số liệu",
    "reject": "Loại bỏ số liệu",
    "accept": "Chấp nhận điểm nghi ngờ",
    "allocate": "Phân bổ số liệu của đơn vị bị chia tách",
    "document": "Ghi lại đơn vị, ngày số liệu của văn bản",
    "gone": "Xác nhận đã bỏ đi",
    "withdraw": "Rút quyết định",
}
STATUSES = {
    "applied": "đang áp dụng",
    "unused": "chưa gặp chỗ nào để áp dụng",
    "replaced": "đã có quyết định mới hơn",
    "withdrawn": "đã rút",
    "void": "HẾT HIỆU LỰC, cần xem lại",
}
FIELDS: Mapping[HeaderField, str] = {
    "unit": "đơn vị",
    "as_of": "ngày số liệu",
    "draft": "tình trạng",
}
STATES: Mapping[str, HeaderField] = {"unit": "unit", "as_of": "as_of", "signed": "draft"}
"""What an answer of the review workbook states of the document."""
NOT_YET = "chưa chạy lại kể từ khi ghi"
PARTS = {"numerator": "tử số", "denominator": "mẫu số"}

Kind = TypeVar("Kind", bound=Decision)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that is not yet in the log, and what an officer should know of it."""

    decision: Decision
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who decides, why and when."""

    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """Where decisions are made: on what is published. ``catalogue`` was taught nothing.

    Its methods raise RunError for what is not there, UsageError for what cannot be meant.
    """

    warehouse: Path
    catalogue: Catalogue

    def settle(self, key: str, signed: Signed) -> Proposal:
        """Of figures that differ, this observation is the right one."""
        figure = self._figure(key)
        if figure["status"] == "unmatched":
            raise UsageError(
                f"Số liệu {key} chưa khớp chỉ tiêu, đơn vị hoặc ngày nào nên không chọn được."
            )
        rivals = self._query("rivals", key=key)
        if all(rival["printed_value"] == figure["printed_value"] for rival in rivals):
            raise UsageError(f"Số liệu {key} không khác số liệu nào: không có gì để chọn.")
        decision = _made(
            Settle, signed, observation=key, seen=_seen(figure), others=_values(rivals)
        )
        return Proposal(decision, (*self._about(figure), *self._against(rivals), *self._then(key)))

    def correct(self, key: str, given: str | Decimal, signed: Signed) -> Proposal:
        """The observation's value is another one."""
        figure = self._figure(key)
        value = self._value(given, figure)
        if value == figure["printed_value"]:
            raise UsageError(
                f"Văn bản đã ghi đúng số {_number(value)}: không có gì để sửa. Nếu số này đúng, "
                "dùng settle (khi có số khác) hoặc accept (khi bị nghi ngờ)."
            )
        rivals = self._query("rivals", key=key)
        decision = _made(
            Correct, signed, observation=key, seen=_seen(figure), value=value,
            others=_values(rivals),
        )  # fmt: skip
        unit = figure["unit_of_measure"]
        if figure["status_reason"] == "unit-of-measure":
            unit = "theo đơn vị tính của chỉ tiêu, không theo đơn vị tính mà văn bản ghi"
        change = f"  sửa thành: {_number(value)} {unit}".rstrip()
        return Proposal(
            decision, (*self._about(figure), change, *self._against(rivals), *self._then(key))
        )

    def reject(self, key: str, signed: Signed) -> Proposal:
        """The observation is left out."""
        figure = self._figure(key)
        decision = _made(Reject, signed, observation=key, seen=_seen(figure))
        lines = (*self._about(figure), "  bỏ ra, không dùng vào đâu nữa", *self._then(key))
        return Proposal(decision, lines)

    def accept(self, key: str, signed: Signed) -> Proposal:
        """A finding, or all that an observation's figure has, blocks no longer."""
        found = self._query("finding", key=key)
        figures = [] if found else self._query("observation", key=key)
        if figures:
            found = [
                row for row in self._query("findings_on", key=key) if row["severity"] != "info"
            ]
            if not found:
                raise UsageError(f"Số liệu {key} không có điểm nghi ngờ nào để chấp nhận.")
        if not found:
            raise RunError(
                f"Không có điểm nghi ngờ hay số liệu nào mang mã '{key}'. "
                "Xem mã bằng lệnh: hopnhat findings."
            )
        seen = _seen(figures[0]) if figures else _seen(found[0])
        decision = _made(
            Accept, signed, observation=key if figures else None, seen=seen,
            findings={row["finding"]: row["message"][:MOST_SHOWN] for row in found},
        )  # fmt: skip
        return Proposal(decision, tuple(_accepted(found)))

    def wording(self, label: str, meaning: str, signed: Signed) -> Proposal:
        """A label names an indicator: ``meaning`` is its id or name, '/numerator' behind it."""
        from transforms.read import vocabulary_of  # noqa: PLC0415

        indicator, component = self._meant(meaning)
        if component and getattr(self.catalogue.indicators[indicator], component) is None:
            raise UsageError(f"Chỉ tiêu {indicator} không có {PARTS[component]}.")
        matcher = vocabulary_of(self.catalogue).matcher
        known = self._query("labels")
        met = [row for row in known if matcher.normal(row["label"]) == matcher.normal(label)]
        if not met:
            near = _nearest(label, {row["label"] for row in known})
            raise RunError(
                "\n  ".join([f"Không văn bản nào ghi '{label}'. Gần giống nhất:", *near])
            )
        if all(row["indicator"] == indicator for row in met) and component is None:
            raise RunError(
                f"'{label}' đã là chỉ tiêu {indicator} ở mọi chỗ ghi; quyết định này không đổi gì."
            )
        (figure,) = self._query("observation", key=met[0]["observation"])
        decision = _made(
            Wording, signed, label=met[0]["label"], indicator=indicator, component=component,
            before=matcher.match(label).indicator, seen=_seen(figure),
        )  # fmt: skip
        return Proposal(decision, tuple(self._taught(decision, met, figure)))

    def allocate(
        self,
        unit: str,
        successor: str,
        given: str,
        basis: str,
        indicator: str | None,
        signed: Signed,
    ) -> Proposal:
        """Of a divided unit's figures, a share is one successor's."""
        if not divides(self.catalogue, unit, successor):
            raise UsageError(
                f"Danh mục không có đúng một việc chia tách nào từ {unit} sang {successor} nên "
                "không có gì để phân bổ; nếu có nhiều lần thì ghi tỷ lệ của từng lần vào danh mục."
            )
        if indicator is not None:
            indicator, _ = self._meant(indicator)
        share = _share(given)
        decision = _made(
            Allocate, signed, unit=unit, successor=successor, indicator=indicator, share=share,
            basis=basis,
        )  # fmt: skip
        what = "mọi chỉ tiêu" if indicator is None else self.catalogue.indicators[indicator].name
        lines = (
            f"  {_number(share * 100)} % số liệu của {unit} là của {successor}: {what}",
            f"  căn cứ: {basis}",
            "  áp dụng cho số lượng, số tiền, tử số và mẫu số; không cho mức, danh sách, bình quân",
        )
        return Proposal(decision, lines)

    def document(
        self, key: str, stated: Mapping[HeaderField, str], signed: Signed
    ) -> list[Proposal]:
        """A received document, by its file name or sha256, is of this unit, day, or is no draft.

        One decision a field, each with what the document was understood to say itself.
        """
        read = self._document(key)
        seen = SeenDocument(document=read["document"], file_name=read["file_name"])
        proposals = []
        for about, given in stated.items():
            before, value = _printed_field(read, about), self._stated(about, given, read)
            if before == value:
                said = in_words(about, value, self.catalogue)
                raise UsageError(f"Văn bản đã được hiểu là {said}: không có gì để ghi lại.")
            decision = _made(
                Document, signed, about=about, before=before, value=value, seen=seen
            )  # fmt: skip
            lines = (
                f"  {seen.file_name}",
                f"  đọc được: {in_words(about, before, self.catalogue)}",
                f"  ghi lại: {in_words(about, value, self.catalogue)}",
                f"  {read['figures']} số liệu của văn bản sẽ được đọc lại theo đó",
            )
            proposals.append(Proposal(decision, lines))
        return proposals

    def gone(self, keys: Sequence[str], log: Log, signed: Signed) -> Proposal:
        """What has vanished is gone on purpose: documents by sha256 or name, decisions by id, lines
        of the log by their number; all that has vanished, where no key is given.
        """
        from flows.publication import read_manifest  # noqa: PLC0415

        manifest = read_manifest(self.warehouse)
        known = {fault.broken: str(fault.line) for fault in log.breaks if fault.broken is not None}
        asked = set(keys)

        def wanted(*names: str) -> bool:
            found = asked & set(names)
            used.update(found)
            return not keys or bool(found)

        used: set[str] = set()
        documents = {one.key: one.name for one in manifest.documents if wanted(one.key, one.name)}
        decisions = {one.key: one.name for one in manifest.decisions if wanted(one.key)}
        breaks = tuple(line for line, number in known.items() if wanted(line, number))
        if asked - used or not (documents or decisions or breaks):
            raise RunError(
                f"Không có gì đã biến mất mang tên hoặc mã: {', '.join(sorted(asked - used))}. "
                "Chạy hopnhat run rồi xem: hopnhat findings."
                if asked
                else "Không có gì đã biến mất mà chưa xác nhận, kể từ lần hopnhat run gần nhất."
            )
        decision = _made(
            Gone, signed, documents=documents, decisions=decisions, breaks=breaks
        )  # fmt: skip
        lines = (
            *(f"  văn bản: {name} [{key[:16]}]" for key, name in documents.items()),
            *(f"  quyết định [{key}]: {said}" for key, said in decisions.items()),
            *(f"  chỗ đứt của sổ, trước dòng {known[line]}" for line in breaks),
            "  không còn chặn ban hành; báo cáo được lập mà không có những thứ này",
        )
        return Proposal(decision, lines)

    def withdraw(self, key: str, log: Log, signed: Signed) -> Proposal:
        """An earlier decision of the log no longer holds."""
        found = next((one for one in log.decisions if one.id == key), None)
        if found is None:
            raise RunError(f"Không có quyết định nào mang mã '{key}'. Xem: hopnhat decide list.")
        if isinstance(found, Withdraw):
            raise UsageError("Không rút được một lần rút: hãy ghi lại quyết định cũ.")
        if any(isinstance(one, Withdraw) and one.decision == key for one in log.decisions):
            raise UsageError(f"Quyết định {key} đã được rút.")
        return Proposal(
            _made(Withdraw, signed, decision=key), tuple(f"  {line}" for line in described(found))
        )

    def answered(
        self, answers: Sequence[Answer], signed: Callable[[Answer], Signed]
    ) -> list[Proposal]:
        """What the answers of a review workbook decide, each with what its row showed.

        Raises RunError with every row that cannot be taken over; then none is.
        """
        proposals: list[Proposal] = []
        faults = []
        for answer in answers:
            try:
                proposal = self._answered(answer, signed(answer))
                # Two findings on one document may have been given one and the same answer.
                if not any(same(proposal.decision, other.decision) for other in proposals):
                    proposals.append(proposal)
            except RunError as fault:
                faults.append(f"{answer.place}: {fault}")
            except (KeyError, ValueError, ArithmeticError) as fault:
                faults.append(f"{answer.place}: dòng này không do chương trình ghi ra ({fault}).")
        faults += _both_chosen(answers)
        faults += _both_stated(answers)
        if faults:
            raise RunError("\n".join(["Không nhận được câu trả lời trong sổ đối chiếu:", *faults]))
        return proposals

    def _answered(self, answer: Answer, signed: Signed) -> Proposal:
        question, shown = answer.question, answer.question.shown
        key = str(shown.get("observation", question.identity))
        if answer.choice == "accept":
            proposal = self.accept(question.identity, signed)
        elif answer.choice in STATES:
            self._still_found(question.identity)
            given = "signed" if answer.choice == "signed" else answer.value
            if given is None:
                raise UsageError("thiếu “Giá trị”: tên xã, hoặc ngày.")
            stated = {STATES[answer.choice]: str(given)}
            (proposal,) = self.document(str(shown["seen"]["document"]), stated, signed)
        elif answer.choice == "wording":
            proposal = self.wording(str(shown["label"]), str(answer.value or ""), signed)
        else:
            figure = self._figure(key)
            expected = Seen.model_validate(shown["seen"])
            if expected.value != _exact(figure["printed_value"]):
                raise RunError(
                    f"số liệu {key} đã đổi từ khi xuất sổ: khi đó {_number(expected.value)}, nay "
                    f"{_number(figure['printed_value'])}. Lấy sổ đối chiếu mới và điền lại."
                )
            if answer.choice == "correct":
                if answer.value is None:
                    raise UsageError("thiếu “Giá trị” để sửa thành.")
                proposal = self.correct(key, answer.value, signed)
            else:
                make = self.settle if answer.choice == "settle" else self.reject
                proposal = make(key, signed)
        if isinstance(proposal.decision, Document):
            return proposal
        # What was shown on the sheet, which may be less than what there is by now.
        changed: dict[str, Any] = {"seen": shown["seen"]}
        if isinstance(proposal.decision, Settle | Correct):
            changed["others"] = shown["others"]
        decision = LINE.validate_python({**proposal.decision.model_dump(), **changed})
        return Proposal(decision, proposal.lines)

    # ---- what is there ------------------------------------------------------------------------

    def _query(self, name: str, **parameters: object) -> list[dict[str, Any]]:
        return records(self.warehouse, name, **parameters)

    def _figure(self, key: str) -> dict[str, Any]:
        found = self._query("observation", key=key)
        if not found:
            raise RunError(
                f"Không có số liệu nào mang mã '{key}' trong kho dữ liệu hiện tại. Xem mã bằng "
                "lệnh hopnhat findings, hopnhat trace hoặc trong sổ đối chiếu."
            )
        return found[0]

    def _still_found(self, key: str) -> None:
        if not self._query("finding", key=key):
            raise RunError("điểm này không còn nữa. Lấy sổ đối chiếu mới và điền lại.")

    def _document(self, key: str) -> dict[str, Any]:
        found = self._query("document", key=key)
        if not found:
            names = {row["file_name"] for row in self._query("documents")}
            near = _nearest(key, names)
            raise RunError(
                "\n  ".join([f"Chưa nhận văn bản nào tên là '{key}'. Gần giống nhất:", *near])
            )
        if len(found) > 1:
            hashes = [row["document"] for row in found]
            raise UsageError(
                "\n  ".join([f"Có {len(found)} tệp tên '{key}': hãy ghi mã sha256 thay cho tên:",
                             *hashes])
            )  # fmt: skip
        return found[0]

    def _stated(self, about: HeaderField, given: str, read: Mapping[str, Any]) -> str:
        """The field as the log has it, of a unit's slug or name, or a day as it is written."""
        from flows.console import day_of  # noqa: PLC0415
        from transforms.units import UnitIndex  # noqa: PLC0415

        if about == "draft":
            return given
        if about == "as_of":
            day = day_of(given)
            if day is None:
                raise UsageError(f"'{given}' không phải là ngày, ví dụ 30/06/2025.")
            return day.isoformat()
        units = UnitIndex(self.catalogue)
        known = units.unit(given)
        if known is not None and known.slug == given:
            return given
        on = read["as_of"] or read["issued_on"]
        slug = units.find(given, on)
        if slug is not None:
            return slug
        candidates = sorted({one for said in units.mentions(given, on) for one in said.candidates})
        raise UsageError(
            f"Không rõ '{given}' là đơn vị nào. Ghi cả loại và tên (xã Đức Hiệp) hoặc mã "
            f"({', '.join(candidates) or 'ví dụ duc-hiep'})."
        )

    def _meant(self, text: str) -> tuple[str, Component | None]:
        """An indicator's id and its part, of 'id', 'id/numerator', 'Tên' or 'Tên [id]'."""
        named = text.strip()
        if named.endswith("]"):
            named = named[named.rfind("[") + 1 : -1]
        whole, _, behind = named.rpartition("/")
        parts: dict[str, Component] = {"numerator": "numerator", "denominator": "denominator"}
        part = parts.get(behind)
        named = whole if part else named
        by_name = {one.name.casefold(): one.id for one in self.catalogue.indicators.values()}
        found = named if named in self.catalogue.indicators else by_name.get(named.casefold())
        if found is not None:
            return found, part
        names = {f"{one.id} ({one.name})" for one in self.catalogue.indicators.values()}
        raise UsageError(
            "\n  ".join(
                [f"Danh mục không có chỉ tiêu '{named}'. Gần nhất:", *_nearest(named, names)]
            )
        )

    def _value(self, given: str | Decimal, figure: Mapping[str, Any]) -> Decimal:
        """A figure as an officer writes it: '1.234,5'; 'đạt' for an indicator of attainment."""
        from transforms.numbers import Mark, Number, parse_cell  # noqa: PLC0415

        if isinstance(given, Decimal):
            return given
        percent = figure["unit_of_measure"] == "%"
        value = parse_cell(given, percent=percent)
        indicator = self.catalogue.indicators.get(figure["indicator"] or "")
        if isinstance(value, Mark) and indicator is not None and indicator.kind == "attainment":
            return Decimal(100 if value.attained else 0)
        clear = isinstance(value, Number) and not (
            value.ambiguous or value.approximate or value.unit or value.multiplier != 1
        )
        if not isinstance(value, Number) or not clear or (value.percent and not percent):
            raise UsageError(
                f"'{given}' không phải là một con số rõ ràng. Viết theo kiểu Việt Nam, không kèm "
                "đơn vị tính: 1.234,5. Số này tính bằng: "
                f"{figure['unit_of_measure'] or 'không rõ'}."
            )
        return value.value

    # ---- what is said of it -------------------------------------------------------------------

    def _about(self, figure: Mapping[str, Any]) -> Iterator[str]:
        from flows.tracing import observation_lines  # noqa: PLC0415

        yield from (f"  {line}" for line in observation_lines(figure))

    def _against(self, rivals: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        for rival in rivals:
            value = _number(rival["printed_value"])
            yield f"  số khác đã thấy: {value}, {_place(rival)} [{rival['observation']}]"

    def _then(self, key: str) -> Iterator[str]:
        rows = self._query("affected", key=key)
        for row in rows:
            now = "không có số liệu" if row["value"] is None else _number(row["value"])
            yield f"  sẽ tính lại: {row['key']} (nay: {now})"
        if not rows:
            yield "  không có số liệu tổng hợp nào dùng số này"

    def _taught(
        self, decision: Wording, met: Sequence[Mapping[str, Any]], figure: Mapping[str, Any]
    ) -> Iterator[str]:
        name = self.catalogue.indicators[decision.indicator].name
        part = "" if decision.component is None else f", {PARTS[decision.component]}"
        yield f"  “{decision.label}” là: {name}{part} [{decision.indicator}]"
        for row in met:
            taken = self.catalogue.indicators.get(row["indicator"] or "")
            now = "chưa khớp chỉ tiêu nào" if taken is None else f"đang hiểu là {taken.name}"
            yield f"  {row['figures']} số liệu trong {row['documents']} văn bản, {now}"
        yield f"  ví dụ: {_place(figure)}, nguyên văn: “{' '.join(figure['text'].split())}”"


def described(decision: Decision) -> Iterator[str]:
    """A decision of the log in the officer's words: what, then who, when and why."""
    match decision:
        case Wording():
            part = "" if decision.component is None else f", {PARTS[decision.component]}"
            what = f"“{decision.label}” là {decision.indicator}{part}"
        case Settle():
            others = ", ".join(_number(value) for value in decision.others.values())
            what = f"{_number(decision.seen.value)} thay cho {others} [{decision.observation}]"
        case Correct():
            old, new = _number(decision.seen.value), _number(decision.value)
            what = f"{old} thành {new} [{decision.observation}]"
        case Reject():
            what = f"{_number(decision.seen.value)} [{decision.observation}]"
        case Accept():
            what = "; ".join(f"{message} [{of}]" for of, message in decision.findings.items())
        case Allocate():
            of = decision.indicator or "mọi chỉ tiêu"
            share = f"{_number(decision.share * 100)} %"
            what = f"{share} của {decision.unit} cho {decision.successor}, {of}; {decision.basis}"
        case Document():
            before = "chưa rõ" if decision.before is None else decision.before
            what = f"{FIELDS[decision.about]}: {before} → {decision.value}"
        case _:
            what = _of_the_log(decision)
    yield f"{KINDS[decision.kind]}: {what}"
    if not isinstance(decision, Allocate | Gone | Withdraw) and decision.seen.file_name is not None:
        yield f"ở {_place(decision.seen.model_dump())}"
    yield f"{decision.by}, {decision.at:%d/%m/%Y %H:%M}: {decision.why}"


def _of_the_log(decision: Gone | Withdraw) -> str:
    if isinstance(decision, Withdraw):
        return decision.decision
    lines = (f"dòng trước dòng [{line[:16]}]" for line in decision.breaks)
    return ", ".join((*decision.documents.values(), *decision.decisions, *lines))


def listed(log: Log, statuses: Mapping[str, str]) -> Iterator[str]:
    """The log's decisions, the oldest first; ``statuses`` are those of the published warehouse."""
    for one in log.decisions:
        status = statuses.get(one.id)
        first, *more = described(one)
        yield f"[{one.id}] {first}"
        yield from (f"  {line}" for line in more)
        yield f"  tình trạng: {NOT_YET if status is None else STATUSES[status]}"
    for fault in log.faults:
        if fault.broken is not None:
            yield f"Trước dòng {fault.line} của sổ quyết định có dòng bị sửa hoặc bị mất."
            continue
        yield f"Dòng {fault.line} của sổ quyết định không đọc được, không được dùng: {fault.detail}"


def same(one: Decision, other: Decision) -> bool:
    """Whether two decisions say the same, whenever they were taken."""
    own = {"id", "at", "after"}
    return one.model_dump(exclude=own) == other.model_dump(exclude=own)


def _made(kind: type[Kind], signed: Signed, **what: Any) -> Kind:
    try:
        return kind(id=new_id(), at=signed.at, by=signed.by, why=signed.why, **what)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = {
            "why": "lý do (--why)",
            "by": "người quyết định (--by)",
            "basis": "căn cứ (--basis)",
        }
        name = str(first["loc"][0]) if first["loc"] else ""
        reasons = {"string_too_short": "để trống", "string_too_long": "quá dài"}
        reason = reasons.get(first["type"], first["msg"])
        raise UsageError(
            f"Không ghi được quyết định: {place.get(name, name)} không dùng được ({reason})."
        ) from error


def _seen(row: Mapping[str, Any]) -> Seen:
    text = row.get("text")
    return Seen(
        **{
            name: row.get(name)
            for name in ("document", "file_name", "page", "table", "row", "column")
        },
        text=None if text is None else text[:MOST_SHOWN],
        value=_exact(row.get("printed_value")),
    )


def _values(rivals: Sequence[Mapping[str, Any]]) -> dict[str, Decimal | None]:
    return {rival["observation"]: _exact(rival["printed_value"]) for rival in rivals}


def _printed_field(read: Mapping[str, Any], about: HeaderField) -> str | None:
    header = Header(
        unit=read["printed_unit"], as_of=read["printed_as_of"], draft=read["printed_draft"]
    )
    return header.field(about)


def _exact(value: Decimal | None) -> Decimal | None:
    """Without the zeros that the warehouse's six decimals add."""
    return None if value is None else Decimal(format(value.normalize(), "f"))


def _share(text: str) -> Decimal:
    from transforms.numbers import Number, parse_cell  # noqa: PLC0415

    value = parse_cell(text, percent=True)
    if not isinstance(value, Number) or not 0 < value.value <= 100:
        raise UsageError(f"'{text}' không phải là một tỷ lệ; viết ví dụ 37,5%.")
    places = MOST_DECIMALS - 2
    rounded = round(value.value, places)
    if value.value != rounded:
        raise UsageError(
            f"'{text}': tỷ lệ phần trăm chỉ giữ được {places} chữ số sau dấu phẩy, không tự làm "
            f"tròn. Viết tỷ lệ đã làm tròn theo căn cứ, ví dụ {_number(rounded)}%."
        )
    return value.value / 100


def _accepted(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in found:
        yield f"  {_place(row)} ({row['code']})"
        yield f"  {row['message']}"
        yield (
            "  vẫn được ghi trong danh sách, nhưng không còn chặn ban hành"
            if row["blocking"]
            else ("  điểm này vốn không chặn ban hành")
        )


def _both_chosen(answers: Sequence[Answer]) -> Iterator[str]:
    """Two figures of the same thing cannot both be the right one."""
    chosen = {one.question.identity: one.place for one in answers if one.choice == "settle"}
    for one in answers:
        if one.choice == "settle":
            for other in one.question.shown["others"]:
                if other in chosen and one.question.identity < other:
                    yield (
                        f"{one.place} và {chosen[other]}: chọn hai số khác nhau cho cùng một chỉ "
                        "tiêu; chỉ chọn một."
                    )


def _both_stated(answers: Sequence[Answer]) -> Iterator[str]:
    """A document cannot be of two units, or of two days."""
    first: dict[tuple[str, str], Answer] = {}
    for one in answers:
        if one.choice in STATES:
            about = (one.question.shown["seen"]["document"], one.choice)
            other = first.setdefault(about, one)
            if other.value != one.value:
                yield f"{other.place} và {one.place}: hai câu trả lời khác nhau cho một văn bản."


def _number(value: Decimal | None) -> str:
    from reports.vietnamese import number  # noqa: PLC0415

    return "không có" if value is None else number(value, 6)


def _place(row: Mapping[str, Any]) -> str:
    from reports.report import place  # noqa: PLC0415

    return place(SimpleNamespace(**row))


def _nearest(text: str, choices: set[str]) -> list[str]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    found = process.extract(text, sorted(choices), scorer=fuzz.WRatio, limit=MOST_SUGGESTIONS)
    return [choice for choice, *_ in found]
