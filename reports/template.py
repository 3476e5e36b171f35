"""The Word template that an officer edits: its fields, filling it in, and finding its faults.

Fields are Jinja expressions as docxtpl reads them: ``{{ trich_yeu }}``, and ``{%p for … %}`` or
``{%tr for … %}`` for paragraphs and table rows. They run in a sandbox without Jinja's globals and
without multiplication, so that a template can neither reach Python nor grow without bound; what is
filled in is text, never read as a template again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar
from zipfile import BadZipFile

from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.environment import Environment
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from reports.package import read_package, write_package

if TYPE_CHECKING:
    from extractors.sandbox import Limits

Part = Mapping[str, Any]
Finish = Callable[[Document], None]


class Values(Protocol):
    """What a template is filled with."""

    def context(self) -> dict[str, Any]:
        """The fields by name."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """What every template may name. The field names are an officer's, hence Vietnamese.

    Lists of lines are finished sentences with their closing signs. ``van_de`` are the findings that
    block issuing; ``nhap`` says that there are some.
    """

    don_vi: str
    dia_danh: str
    so: str
    ngay: str
    thang: str
    nam: str
    trich_yeu: str
    kinh_gui: str
    mo_dau: tuple[str, ...]
    ket_thuc: tuple[str, ...]
    nguoi_ky: str
    noi_nhan: tuple[str, ...]
    nhap: bool
    van_de: tuple[Part, ...]

    def context(self) -> dict[str, Any]:
        """The fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Fields(Letter):
    """What the template of a report may name.

    ``noi_dung`` are headings and paragraphs in order, each with ``loai`` ('muc', 'khoan',
    'tieu_khoan', 'diem', 'doan') and ``van_ban``.
    """

    can_cu: tuple[str, ...]
    noi_dung: tuple[Part, ...]
    phu_luc_1: Part
    phu_luc_2: Part
    phu_luc_3: Part | None


EXAMPLE = Fields(
    don_vi="xã Mẫu",
    dia_danh="Mẫu",
    so="01",
    ngay="05",
    thang="01",
    nam="2026",
    trich_yeu="Trích yếu",
    kinh_gui="Cơ quan nhận",
    can_cu=("Căn cứ.",),
    mo_dau=("Mở đầu:",),
    noi_dung=tuple(
        {"loai": kind, "van_ban": "Văn bản"}
        for kind in ("muc", "khoan", "tieu_khoan", "diem", "doan")
    ),
    ket_thuc=("Kết thúc./.",),
    nguoi_ky="Nguyễn Văn A",
    noi_nhan=("Như trên;", "Lưu: VT."),
    phu_luc_1={
        "tieu_de": "Văn bản",
        "nhom": (
            {
                "ten": "Quyết định",
                "van_ban": (
                    {
                        "thu_tu": "1",
                        "so_ky_hieu": "01/QĐ-UBND",
                        "ngay": "05/01/2026",
                        "co_quan": "UBND xã Mẫu",
                        "trich_yeu": "Trích yếu",
                        "xa_cu": "Mẫu",
                    },
                ),
            },
        ),
    },
    phu_luc_2={
        "tieu_de": "Chỉ tiêu",
        "cot": {
            "thu_tu": "TT",
            "noi_dung": "Nội dung",
            "muc_tieu": "Mục tiêu",
            "ket_qua": "Kết quả",
            "ghi_chu": "Ghi chú",
        },
        "dong": tuple(
            {
                "la_nhom": group,
                "thu_tu": "1",
                "noi_dung": "Chỉ tiêu",
                "muc_tieu": "100",
                "ket_qua": "100",
                "ghi_chu": "",
            }
            for group in (True, False)
        ),
    },
    phu_luc_3={
        "tieu_de": "So sánh",
        "xa": ("Mẫu", "Khác"),
        "dong": tuple(
            {
                "la_nhom": group,
                "thu_tu": "1",
                "noi_dung": "Chỉ tiêu",
                "o": ("100", "–"),
                "toan_xa": "100",
            }
            for group in (True, False)
        ),
        "bieu_do": ({"ten": "Biểu đồ 1", "hinh": ""},),
    },
    nhap=True,
    van_de=({"thu_tu": "1", "vi_tri": "tài liệu", "noi_dung": "vấn đề"},),
)
"""Every field with a value, each list with an item: what a template is tried on."""

OPTIONAL = {"phu_luc_3"}
"""Fields that a template may leave out."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a template: the part of the document, the paragraph's text, what is wrong."""

    part: str
    paragraph: str
    message: str

    def __str__(self) -> str:
        where = f", đoạn “{self.paragraph}”" if self.paragraph else ""
        return f"{self.part}{where}: {self.message}"


class BadTemplateError(Exception):
    """A template that cannot be used. ``faults`` has at least one entry."""

    def __init__(self, path: Path, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"Mẫu {path.name}: {fault}" for fault in faults))
        self.path = path
        self.faults = faults
        self.is_no_word_file = any(fault.part == "tệp" for fault in faults)

    def __reduce__(self) -> tuple[type[BadTemplateError], tuple[Path, tuple[Fault, ...]]]:
        """As it travels from a child process."""
        return BadTemplateError, (self.path, self.faults)


Given = ParamSpec("Given")
Made = TypeVar("Made")


def within_limits(
    template: Path,
    limits: Limits | None,
    work: Callable[Given, Made],
    *given: Given.args,
    **named: Given.kwargs,
) -> Made:
    """What work with a template returns, done in a child process within the documents' limits.

    Raises BadTemplateError where it came up against one, and what the work raises.
    """
    from extractors.sandbox import LostError, Readers  # noqa: PLC0415 few have a template

    try:
        with Readers(1, limits) as readers:
            return readers.call(work, *given, **named)
    except LostError as lost:
        words = {
            "time": f"mất quá nhiều thời gian (tối đa {lost.detail})",
            "busy": f"mất quá nhiều thời gian (tối đa {lost.detail}), hoặc máy đang quá bận",
            "memory": f"cần quá nhiều bộ nhớ (tối đa {lost.detail})",
        }
        fault = Fault("toàn văn", "", f"điền mẫu {words.get(lost.why, f'bị ngắt ({lost.detail})')}")
        raise BadTemplateError(template, (fault,)) from lost


def fill_in(
    template: Path, values: Values, destination: Path, as_of: date, finish: Finish | None = None
) -> None:
    """Writes the template, filled in, to ``destination``; the same input gives the same bytes.

    ``finish`` may change the document before it is written. Raises BadTemplateError.
    """
    document = _open(template)
    try:
        document.render(clean(values.context()), _environment(), autoescape=True)
    except _LocatedError as located:
        raise BadTemplateError(template, (located.fault,)) from located
    if finish is not None:
        finish(document.docx)
    noon = datetime.combine(as_of, time(12), UTC)
    properties = document.docx.core_properties
    properties.created = properties.modified = noon
    properties.last_modified_by = properties.author
    properties.revision = 1
    unstable = io.BytesIO()
    document.save(unstable)
    write_package(read_package(unstable), destination)


def check_template(template: Path) -> tuple[Fault, ...]:
    """All faults of a template: syntax, fields unknown, what a trial shows, fields not used.

    Raises BadTemplateError if the file is no .docx.
    """
    document = _open(template)
    environment = _environment()
    faults: list[Fault] = []
    used: set[str] = set()
    for part, xml in _sources(document):
        source = document.patch_xml(xml)
        lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", source).split("\n")
        try:
            names = find_undeclared_variables(environment.parse("\n".join(lines)))
        except TemplateSyntaxError as error:
            faults.append(Fault(part, _text(lines, error.lineno), _message(error)))
            continue
        used |= names
        for name in sorted(names - set(EXAMPLE.context())):
            place = next((line for line in lines if re.search(rf"{{[{{%].*\b{name}\b", line)), "")
            faults.append(Fault(part, _text([place], 1), f"không có trường “{name}”"))
    if not faults:
        try:
            document.render(EXAMPLE.context(), environment, autoescape=True)
        except _LocatedError as located:
            faults.append(located.fault)
    if not faults:
        faults.extend(
            Fault("toàn văn", "", f"thiếu trường “{name}”")
            for name in EXAMPLE.context()
            if name not in used | OPTIONAL
        )
    return tuple(faults)


def examined(
    template: Path, limits: Limits | None = None
) -> tuple[tuple[frozenset[str], bool], tuple[Fault, ...]]:
    """What :func:`fields_used` and :func:`check_template` say, told within the limits.

    Raises BadTemplateError if the file is no .docx; a trial that never ends is a fault.
    """
    try:
        return within_limits(template, limits, _examined, template)
    except BadTemplateError as error:
        if error.is_no_word_file:
            raise
        return (frozenset(), False), error.faults


def _examined(template: Path) -> tuple[tuple[frozenset[str], bool], tuple[Fault, ...]]:
    return fields_used(template), check_template(template)


def fields_used(template: Path) -> tuple[frozenset[str], bool]:
    """The names that a template uses, known or not; False if a fault of syntax hides some.

    Raises BadTemplateError if the file is no .docx.
    """
    document = _open(template)
    names: set[str] = set()
    whole = True
    for _, xml in _sources(document):
        try:
            names |= find_undeclared_variables(_environment().parse(document.patch_xml(xml)))
        except TemplateSyntaxError:  # check_template says where
            whole = False
    return frozenset(names), whole


PADDING = {"center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map"}
"""What makes a text as long as a template says. Nothing that a report needs, though the limits of
the child process hold for whatever else grows.
"""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without Python's attributes, without globals, and without what grows text at will."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuses multiplication, and text with a width of its own choice. Raises SecurityError."""
        if operator == "%" and not isinstance(left, str):
            return super().call_binop(context, operator, left, right)
        raise SecurityError(f"phép “{operator}”")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Nor the methods that pad a text to any width."""
        return attr not in PADDING and super().is_safe_attribute(obj, attr, value)


def _environment() -> Environment:
    environment = Sandbox(undefined=StrictUndefined, autoescape=True)
    environment.globals.clear()
    for name in ("center", "format", "indent", "batch", "slice"):
        del environment.filters[name]
    return environment


class _LocatedError(Exception):
    """A fault found while rendering, with its place."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class _Document(DocxTemplate):  # type: ignore[misc]
    """docxtpl's template, whose faults say where they are."""

    def render_xml_part(
        self, src_xml: str, part: Any, context: dict[str, Any], jinja_env: Environment | None = None
    ) -> str:
        """The part filled in. Raises _LocatedError."""
        try:
            return str(super().render_xml_part(src_xml, part, context, jinja_env))
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml).split("\n")
            line = _line(error)
            fault = Fault(_part_name(str(part.partname)), _text(lines, line), _message(error))
            raise _LocatedError(fault) from error


def _open(path: Path) -> _Document:
    document = _Document(path)
    try:
        document.init_docx()
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        fault = Fault("tệp", "", "không mở được như một tệp .docx của Word")
        raise BadTemplateError(path, (fault,)) from error
    return document


def _sources(document: _Document) -> list[tuple[str, str]]:
    """(part, XML) of the body, the headers and the footers."""
    parts = [("phần thân", document.get_xml())]
    for kind in (document.HEADER_URI, document.FOOTER_URI):
        parts.extend(
            (_part_name(str(part.partname)), document.get_part_xml(part))
            for _, part in document.get_headers_footers(kind)
        )
    return parts


def _part_name(name: str) -> str:
    return "đầu trang" if "header" in name else "chân trang" if "footer" in name else "phần thân"


def _line(error: Exception) -> int:
    """The line of the template that an error comes from, 1-based."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    line, frame = 1, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<template>":
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def _text(lines: list[str], line: int) -> str:
    """What a reader sees of a line: its text without XML, shortened."""
    seen = re.sub(r"<[^>]+>", "", lines[line - 1]).strip() if line <= len(lines) else ""
    return seen if len(seen) <= SHOWN else seen[:SHOWN] + "…"


def _message(error: Exception) -> str:
    if isinstance(error, SecurityError):
        return f"lệnh không được phép ({error})"
    if isinstance(error, UndefinedError):
        name = re.search(r"'([^']+)'(?: is undefined|$)", str(error))
        return f"không có trường “{name[1]}”" if name else f"không có trường ({error})"
    if (named := re.match(r"No (?:filter|test) named '([^']+)'", str(error))) is not None:
        return f"không có phép biến đổi “{named[1]}”"
    if isinstance(error, TemplateSyntaxError):
        return f"sai cú pháp ({error.message})"
    return f"không tính được ({error})"


SHOWN = 80
"""Characters of a paragraph that a fault quotes."""
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""What XML 1.0 forbids, and the controls that docxtpl would turn into tabs and page breaks."""


def clean(value: Any) -> Any:
    """The value with the control characters of its texts taken out; a tab becomes a space."""
    if isinstance(value, str):
        return CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(clean(item) for item in value)
    return value
