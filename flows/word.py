"""``hopnhat lint`` and ``hopnhat template``: what is wrong with a Word file, before it is used."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.console import Exit, Format, FormatOfFiles, put, say
from flows.help import OPTIONS, VietnameseCommand, VietnameseGroup
from flows.settings import Home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.lint import Result

logger = logging.getLogger("hopnhat")

NO_WORD_FILE = (
    "không mở được như một tệp .docx của Word: tệp hỏng, hoặc là loại khác (.doc, .pdf, .xlsx). "
    "Mở tệp trong Word, lưu thành .docx rồi thử lại."
)

template_app = typer.Typer(
    cls=VietnameseGroup,
    rich_markup_mode=None,
    options_metavar="",
    subcommand_metavar="LỆNH [...]",
    no_args_is_help=True,
    short_help="Mẫu báo cáo Word của riêng mình: chép ra để sửa, kiểm tra trước khi dùng.",
    help="Mẫu báo cáo là một tệp Word: sửa lời văn, chữ ký, nơi nhận, thứ tự ngay trong Word; "
    "chỗ điền tự động là các trường như {{ trich_yeu }}. Mẫu để trong $HOPNHAT_HOME/templates, "
    "đúng tên tệp, thì được dùng thay mẫu đi kèm chương trình.",
    epilog="hopnhat template new\nhopnhat template check data/templates/xa-hoi-hoc-tap.docx",
)


def lint(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Các tệp .docx.")],
    form: FormatOfFiles = Format.TABLE,
    every: Annotated[
        bool, typer.Option("--all", help="In cả những quy tắc đạt và không áp dụng.")
    ] = False,
) -> Exit:
    """Kiểm tra thể thức theo Nghị định 30/2020/NĐ-CP, Phụ lục I, từng quy tắc với điều khoản của
    nó; dùng được cho báo cáo và cho mọi văn bản .docx gửi đến. Bảng chỉ in chỗ chưa đạt.

    Mã kết thúc: 0 mọi tệp đều đạt; 1 có tệp không kiểm tra được (các tệp khác vẫn được kiểm tra);
    2 gõ sai lệnh; 3 có chỗ chưa đạt.
    """
    codes = {_lint_one(path, form, every=every) for path in files}
    return next((code for code in (Exit.FAILED, Exit.OPEN_FINDINGS) if code in codes), Exit.DONE)


def _lint_one(path: Path, form: Format, *, every: bool) -> Exit:
    from reports.lint import as_text  # noqa: PLC0415

    results, fault = _checked(path)
    if form is Format.JSON:
        line = {"file": path.name, "error": fault, "results": [asdict(each) for each in results]}
        put(json.dumps(line, ensure_ascii=False))
    elif fault is None:
        put(f"{path.name}\n{as_text(results, every=every)}\n")
    if fault is not None:
        say(f"{path}: {fault}")
        return Exit.FAILED
    failing = any(each.outcome == "fail" for each in results)
    return Exit.OPEN_FINDINGS if failing else Exit.DONE


def _checked(path: Path) -> tuple[Sequence[Result], str | None]:
    """The outcome of every rule; or none, and why the file could not be checked."""
    from flows.errors import reason  # noqa: PLC0415
    from reports.formatting import NotAWordFileError  # noqa: PLC0415
    from reports.lint import lint as rules_of  # noqa: PLC0415

    try:
        if (fault := _unsafe(path)) is not None:
            return (), fault
        return rules_of(path), None
    except OSError as error:
        return (), f"không đọc được tệp: {reason(error)}."
    except NotAWordFileError:
        return (), NO_WORD_FILE
    except Exception as fault:
        # A fault of ours on one document: the others go on, and nobody may think it was checked.
        logger.exception("checking %s", path.name)
        return (), f"không kiểm tra được ({type(fault).__name__}); gửi tệp cho người phụ trách."


def _unsafe(path: Path) -> str | None:
    """Why a file may not be opened (a zip bomb, a DOCTYPE, a password), None if it may.

    Raises OSError.
    """
    from extractors.archive import Archive  # noqa: PLC0415
    from extractors.document import UnreadableError  # noqa: PLC0415
    from flows.pipeline import catalogue_of  # noqa: PLC0415

    content = path.read_bytes()
    if not content.startswith(b"PK"):
        return NO_WORD_FILE
    try:
        Archive(content).inflate_all()
    except UnreadableError as error:
        catalogue = catalogue_of(Home.of_environment().path)
        return catalogue.describe(error.finding.code, error.finding.facts)[2]
    return None


@template_app.command(
    cls=VietnameseCommand,
    options_metavar="",
    short_help="Kiểm tra một mẫu trước khi dùng.",
    epilog="hopnhat template check data/templates/xa-hoi-hoc-tap.docx",
)
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Mẫu .docx đã sửa.")],
) -> Exit:
    """Liệt kê các trường của mẫu, trường lạ, trường thiếu, và chỗ của từng lỗi; không ghi gì.

    Mã kết thúc: 0 dùng được; 1 không mở được tệp; 2 gõ sai lệnh; 3 mẫu có lỗi.
    """
    from flows.errors import RunError, reason  # noqa: PLC0415
    from reports.template import (  # noqa: PLC0415
        EXAMPLE,
        BadTemplateError,
        examined,
    )

    home = Home.of_environment()

    try:
        if (unsafe := _unsafe(file)) is not None:
            raise RunError(f"Mẫu {file}: {unsafe}")
        (used, whole), faults = examined(file, home.limits)
    except OSError as error:
        raise RunError(f"Mẫu {file}: không đọc được tệp: {reason(error)}.") from error
    except BadTemplateError as error:
        raise RunError(
            f"Mẫu {file}: {NO_WORD_FILE}" if error.is_no_word_file else str(error)
        ) from error
    known = EXAMPLE.context()
    _put_names("Trường đang dùng", [name for name in known if name in used])
    _put_names("Trường lạ", sorted(used - set(known)))
    if whole:
        _put_names("Trường thiếu", [name for name in known if name not in used])
    else:
        put("Trường thiếu: chưa biết khi mẫu còn lỗi cú pháp")
    put(f"Lỗi ({len(faults)}):" if faults else "Không có lỗi nào: mẫu dùng được.")
    for order, fault in enumerate(faults, start=1):
        put(f"  {order}. {fault}")
    if not faults:
        return Exit.DONE
    say("Sửa các lỗi trên trong Word rồi kiểm tra lại; mẫu còn lỗi thì không viết được báo cáo.")
    return Exit.OPEN_FINDINGS


def _put_names(title: str, names: Sequence[str]) -> None:
    put(f"{title} ({len(names)}): {', '.join(names) or 'không có'}")


@template_app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Chép mẫu đi kèm ra để sửa.",
    epilog="hopnhat template new\nhopnhat template new mau-thu.docx --report xa-hoi-hoc-tap",
)
def new(
    dest: Annotated[
        Path | None,
        typer.Argument(
            metavar="DEST",
            help="Tệp hoặc thư mục; mặc định là chỗ mà mẫu được dùng, $HOPNHAT_HOME/templates.",
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Loại báo cáo; mặc định là loại duy nhất trong danh mục.",
            show_default=False,
        ),
    ] = None,
) -> Exit:
    """Chép mẫu đi kèm chương trình ra để sửa trong Word; không bao giờ ghi đè tệp đã có."""
    from flows.errors import RunError  # noqa: PLC0415
    from flows.files import write_whole  # noqa: PLC0415
    from flows.pipeline import catalogue_of, default_report, one_of  # noqa: PLC0415
    from reports.report import TEMPLATES  # noqa: PLC0415

    home = Home.of_environment()
    catalogue = catalogue_of(home.path)
    chosen = one_of("--report", report or default_report(catalogue), catalogue.reports)
    name = catalogue.reports[chosen].template
    place = dest or home.templates / name
    if place.is_dir():
        place /= name
    if place.exists():
        raise RunError(f"{place} đã có, không ghi đè. Chọn tên khác, hoặc đổi tên tệp cũ.")
    write_whole(place, (TEMPLATES / name).read_bytes())
    put(str(place))
    say(f"Việc tiếp theo: sửa trong Word, rồi kiểm tra: hopnhat template check {place}")
    return Exit.DONE
