"""The command line. Data goes to stdout, everything else to stderr; see each command's help.

Every import that costs time stands in the command that needs it: `hopnhat --help` is instant.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import Abort, TyperException

from flows import decide, word
from flows.console import Exit, Format, FormatOfFiles, Warehouse, parse_day, published, put, say
from flows.help import OPTIONS, VietnameseCommand, VietnameseGroup, usage_message
from flows.masking import mask_secrets, masked
from flows.settings import Home, SettingsError, prefect_api, prepare_prefect

if TYPE_CHECKING:
    from flows.pipeline import Order, Outcome

app = typer.Typer(
    cls=VietnameseGroup,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    options_metavar="",
    subcommand_metavar="LỆNH [...]",
    help="Hợp nhất văn bản, số liệu của các xã cũ thành báo cáo của xã mới; mỗi con số truy được "
    "về đúng văn bản, trang, bảng, ô.\n\nDữ liệu nằm trong thư mục HOPNHAT_HOME (mặc định ./data).",
    epilog="hopnhat run samples/inbox",
)
app.add_typer(decide.app, name="decide")
app.add_typer(word.template_app, name="template")
app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Kiểm tra thể thức của văn bản Word theo Nghị định 30/2020/NĐ-CP.",
    epilog="hopnhat lint data/out/bao-cao-long-phung-xa-hoi-hoc-tap.docx\n"
    "hopnhat lint van-ban-den/*.docx --format json",
)(word.lint)


Verbose = Annotated[bool, typer.Option("--verbose", help="Hiện thêm chi tiết để tìm lỗi.")]
OptionalInbox = Annotated[
    Path | None,
    typer.Argument(
        metavar="INBOX",
        help="Thư mục nhận văn bản (mặc định $HOPNHAT_HOME/inbox).",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Nơi ghi báo cáo (mặc định $HOPNHAT_HOME/out).", show_default=False
    ),
]
Report = Annotated[
    str | None,
    typer.Option(
        metavar="ID",
        help="Loại báo cáo; mặc định là loại duy nhất trong danh mục.",
        show_default=False,
    ),
]
Unit = Annotated[
    str | None,
    typer.Option(
        metavar="SLUG",
        help="Xã mới, ví dụ long-phung; mặc định là xã mới duy nhất.",
        show_default=False,
    ),
]
AsOf = Annotated[
    date | None,
    typer.Option(
        metavar="DATE",
        parser=parse_day,
        help="Ngày số liệu, 2025-06-30 hoặc 30/06/2025; mặc định là ngày mới nhất các xã cũ báo.",
        show_default=False,
    ),
]


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Đọc văn bản mới, cập nhật kho dữ liệu, viết báo cáo và bảng đối chiếu.",
    epilog="hopnhat run\nhopnhat run samples/inbox --out bao-cao --as-of 30/06/2025\n"
    "hopnhat run --dry-run",
)
def run(
    *,
    inbox: OptionalInbox = None,
    warehouse: Warehouse = None,
    out: Out = None,
    report: Report = None,
    unit: Unit = None,
    as_of: AsOf = None,
    as_known_on: Annotated[
        date | None,
        typer.Option(
            metavar="DATE",
            parser=parse_day,
            help="Dựng lại theo những gì đã biết đến hết ngày này; ghi vào "
            "$HOPNHAT_HOME/as-known-on/DATE, không đụng đến kho đã công bố.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Gộp thử: cho biết sẽ thêm, đổi, mất gì và số nào không được cộng; không ghi gì.",
        ),
    ] = False,
    pdf: Annotated[
        bool,
        typer.Option("--pdf", help="Viết thêm bản PDF cạnh báo cáo .docx, bằng LibreOffice."),
    ] = False,
    wait: Annotated[
        float | None,
        typer.Option(
            "--wait",
            metavar="SECONDS",
            min=0,
            help="Một lần chạy khác đang làm thì đợi tối đa bấy nhiêu giây rồi thôi; không ghi thì "
            "đợi đến lượt.",
            show_default=False,
        ),
    ] = None,
    prefect: Annotated[
        bool,
        typer.Option(
            "--prefect", help="Chạy như một flow run của Prefect, kể cả khi chưa có máy chủ."
        ),
    ] = False,
    verbose: Verbose = False,
) -> Exit:
    """Đọc văn bản trong INBOX, cập nhật kho dữ liệu, viết báo cáo .docx, bảng đối chiếu .xlsx.

    Mã kết thúc: 0 xong; 1 không xong; 2 gõ sai lệnh; 3 xong, nhưng còn điểm phải xử lý trước khi
    ban hành (báo cáo được đóng dấu BẢN NHÁP).
    """
    from flows import pipeline  # noqa: PLC0415

    order = pipeline.order(
        inbox, warehouse, out, report=report, unit=unit, as_of=as_of, as_known_on=as_known_on
    )
    if dry_run:
        return _rehearse(order)
    api = prefect_api(os.environ)
    if prefect or api is not None:
        outcome = _run_by_prefect(order, api, verbose)
    else:
        say("Chưa cấu hình máy chủ Prefect: chạy trực tiếp trên máy này.")
        outcome = _run_here(order, wait)
    _pdf_beside(outcome.report, order.warehouse, wanted=pdf)
    say(_summary(outcome))
    put(str(outcome.report))
    return Exit.OPEN_FINDINGS if outcome.blocking else Exit.DONE


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Cho xem đọc được gì trong từng tệp.",
    epilog="hopnhat extract bao-cao.docx\nhopnhat extract samples/inbox/* --format json",
)
def extract(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Các tệp văn bản.")],
    form: FormatOfFiles = Format.TABLE,
    verbose: Verbose = False,  # noqa: ARG001 read in main
) -> Exit:
    """Cho xem những gì đọc được trong từng tệp: số liệu, văn bản chỉ đạo, các mục, điểm nghi ngờ.

    Mã kết thúc: 0 mọi tệp đều đọc được; 1 có tệp không đọc được (vẫn in ra, kèm lý do).
    """
    from flows.contract import as_extract, in_words  # noqa: PLC0415
    from flows.pipeline import catalogue_of, failed, read_files  # noqa: PLC0415

    home = Home.of_environment()
    catalogue = catalogue_of(home.path)
    code = Exit.DONE
    for extraction, reading in read_files(files, home):
        printed = as_extract(extraction, reading, catalogue)
        put(printed.model_dump_json() if form is Format.JSON else in_words(printed))
        if failed(extraction, catalogue):
            code = Exit.FAILED
    return code


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Truy một con số về văn bản, trang, bảng, ô.",
    epilog="hopnhat trace long-phung/gia-dinh-hoc-tap/2025-06-30/result",
)
def trace(
    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY",
            help="Khóa của số liệu tổng hợp (đơn vị/chỉ tiêu/ngày/loại), hoặc mã số liệu gốc.",
        ),
    ],
    warehouse: Warehouse = None,
) -> Exit:
    """Truy một con số: phép tính, từng số hạng, và văn bản, trang, bảng, ô, nguyên văn của nó."""
    from flows import issuing, tracing  # noqa: PLC0415
    from flows.errors import RunError  # noqa: PLC0415

    issued = list(issuing.traced(Home.of_environment(), key))
    try:
        put(tracing.trace(published(warehouse), key))
    except RunError as error:
        if not issued:
            raise
        say(str(error))
    for line in issued:
        put(line)
    return Exit.DONE


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Liệt kê những điểm nghi ngờ còn mở.",
    epilog="hopnhat findings\nhopnhat findings --format json",
)
def findings(
    form: Annotated[
        Format, typer.Option("--format", metavar="json|table", help="json: mỗi điểm một dòng.")
    ] = Format.TABLE,
    notes: Annotated[
        bool, typer.Option("--notes", help="Kể cả ghi chú, là điểm không cần ai làm gì.")
    ] = False,
    warehouse: Warehouse = None,
) -> Exit:
    """Liệt kê những điểm nghi ngờ còn mở; điểm phải xử lý trước khi ban hành đứng đầu."""
    from flows import tracing  # noqa: PLC0415

    path = published(warehouse)
    put(tracing.findings(path, notes=notes, as_json=form is Format.JSON))
    return Exit.DONE


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Lưu giữ báo cáo đã ban hành, để sau này biết số nào phải đính chính.",
    epilog="hopnhat issue --number 58/BC-UBND --on 05/07/2025 --signed-by 'Nguyễn Thị Lan'\n"
    "hopnhat issue --number 58/BC-UBND --copy bao-cao-da-ky.pdf",
)
def issue(
    *,
    inbox: OptionalInbox = None,
    number: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Số, ký hiệu đã đăng ký: 58/BC-UBND.", show_default=False
        ),
    ] = None,
    on: Annotated[
        date | None,
        typer.Option(metavar="DATE", parser=parse_day, help="Ngày ban hành.", show_default=False),
    ] = None,
    signed_by: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Người ký.", show_default=False)
    ] = None,
    copy: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Bản đã ký, gửi đi (bản quét, PDF).", show_default=False),
    ] = None,
    warehouse: Warehouse = None,
    out: Out = None,
    report: Report = None,
    unit: Unit = None,
    as_of: AsOf = None,
    verbose: Verbose = False,  # noqa: ARG001 read in main
) -> Exit:
    """Lưu giữ báo cáo đã ban hành vào $HOPNHAT_HOME/issued: báo cáo, sổ đối chiếu, bản kê mọi số
    liệu với nguồn của nó. Không bao giờ ghi đè; ban hành lại thì thành thư mục mới.

    Mã kết thúc: 0 đã lưu; 1 không lưu được; 2 gõ sai lệnh; 3 còn điểm phải xử lý, chưa lưu gì.
    """
    from flows import pipeline, progress  # noqa: PLC0415
    from flows.issuing import BlockedError, Sent, issue  # noqa: PLC0415

    order = pipeline.order(inbox, warehouse, out, report=report, unit=unit, as_of=as_of)
    try:
        with progress.teller() as tell:
            folder = issue(order, Sent(number, on, signed_by, copy), tell)
    except BlockedError as error:
        say(str(error))
        return Exit.OPEN_FINDINGS
    say("Đã lưu. Khi có văn bản mới, hopnhat run cho biết số nào đã ban hành phải đính chính.")
    put(str(folder))
    return Exit.DONE


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Chạy máy chủ, theo lịch và mỗi khi có văn bản mới.",
    epilog="hopnhat serve\nhopnhat serve samples/inbox --cron '0 6 * * 1-5' --port 4200",
)
def serve(
    *,
    inbox: OptionalInbox = None,
    cron: Annotated[
        str, typer.Option(metavar="CRON", help="Lịch chạy, theo giờ Việt Nam.")
    ] = "0 6 * * *",
    port: Annotated[
        int, typer.Option(metavar="PORT", min=1, max=65535, help="Cổng của máy chủ trên máy này.")
    ] = 4200,
    settled: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0.5,
            help="Tệp không đổi trong bấy nhiêu giây thì coi là đã về đủ.",
        ),
    ] = 5.0,
    at_most: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0.5,
            help="Tệp còn về thêm thì đợi, nhưng không quá bấy nhiêu giây kể từ tệp đầu.",
        ),
    ] = 60.0,
    rescan: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0.5,
            help="Cứ bấy nhiêu giây thì đối chiếu lại INBOX với kho đã công bố.",
        ),
    ] = 60.0,
    warehouse: Warehouse = None,
    out: Out = None,
    report: Report = None,
    unit: Unit = None,
    verbose: Verbose = False,
) -> Exit:
    """Chạy máy chủ Prefect trên máy này; chạy theo lịch và khi có văn bản mới về đủ trong INBOX,
    hoặc có quyết định mới.

    Máy chủ có mật khẩu riêng, chỉ nghe trên máy này. Nếu đã cấu hình PREFECT_API_URL thì dùng máy
    chủ đó.
    """
    from flows import pipeline  # noqa: PLC0415
    from flows.prefect.arrivals import Timing  # noqa: PLC0415
    from flows.prefect.serve import Service, serve_until_stopped  # noqa: PLC0415
    from flows.progress import Patient  # noqa: PLC0415

    order = pipeline.order(inbox, warehouse, out, report=report, unit=unit)
    service = Service(
        home=order.home,
        inbox=order.inbox,
        warehouse=order.warehouse,
        parameters=order.parameters(),
        cron=cron,
        timing=Timing(settled, at_most, rescan),
        port=port,
        api=prefect_api(os.environ),
        verbose=verbose,
    )
    serve_until_stopped(service, Patient())
    return Exit.DONE


@app.command(
    cls=VietnameseCommand,
    options_metavar="",
    short_help="Kiểm tra máy này còn thiếu gì và cách cài.",
    epilog="hopnhat doctor",
)
def doctor() -> Exit:
    """Kiểm tra máy này còn thiếu gì và cách cài.

    Mã kết thúc: 1 nếu thiếu thứ bắt buộc; thứ tùy chọn chỉ cần cho loại văn bản ghi bên cạnh.
    """
    from flows.doctor import examine  # noqa: PLC0415

    checks = examine(Home.of_environment())
    for check in checks:
        put(f"{'có   ' if check.present else 'THIẾU' if check.needed else 'thiếu'}  {check.what}")
        if not check.present:
            put(f"       → {check.advice}")
    return Exit.FAILED if any(c.needed and not c.present for c in checks) else Exit.DONE


def main() -> None:
    """The script: run the command and exit with the contract's code."""
    # What a command makes lives until its end: looking for garbage took a tenth of a run's time.
    gc.set_threshold(200_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    mask_secrets()
    if "--verbose" in sys.argv:
        logging.basicConfig(level=logging.INFO)
    else:
        logging.getLogger("hopnhat").addHandler(logging.NullHandler())
    code = _guarded()
    if code == INTERRUPTED:
        say("Đã dừng. Kho dữ liệu đã công bố vẫn nguyên; chạy lại lệnh để làm tiếp.")
    gc.freeze()  # nor is there any to look for when the process ends
    sys.exit(code)


INTERRUPTED = 128 + signal.SIGINT


def _guarded() -> int:
    """The command's exit code; what went wrong is said in the officer's words."""
    from catalog.loader import CatalogueError  # noqa: PLC0415
    from flows.errors import RunError, UsageError, reason  # noqa: PLC0415

    try:
        return int(app(standalone_mode=False) or Exit.DONE)
    except TyperException as error:
        say(usage_message(error))
        return Exit.USAGE
    except UsageError as error:
        say(str(error))
        return Exit.USAGE
    except (RunError, CatalogueError, SettingsError) as error:
        say(str(error))
    except (KeyboardInterrupt, Abort):
        return INTERRUPTED
    except BrokenPipeError:  # `| head`: whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        say(f"Không làm được với tệp {error.filename or ''}: {reason(error)}.")
    except Exception as error:
        if "--verbose" in sys.argv:
            raise
        from flows.faults import of_library  # noqa: PLC0415

        known = of_library(error)
        say(
            f"Lỗi bên trong chương trình ({type(error).__name__}: {error}). "
            "Chạy lại với --verbose và gửi nội dung hiện ra cho người phụ trách."
            if known is None
            else str(known)
        )
    return Exit.FAILED


def _rehearse(order: Order) -> Exit:
    from flows import progress  # noqa: PLC0415
    from flows.rehearsal import rehearse  # noqa: PLC0415

    with progress.teller() as tell:
        found = rehearse(order, tell)
    put(found.words)
    return Exit.OPEN_FINDINGS if found.blocking else Exit.DONE


def _run_here(order: Order, wait: float | None) -> Outcome:
    from flows import progress  # noqa: PLC0415
    from flows.unchanged import run_if_changed  # noqa: PLC0415

    with progress.teller() as tell:
        outcome = run_if_changed(order, tell, wait=wait).outcome
        if order.home.issued.is_dir():
            from flows.issuing import tell_corrections  # noqa: PLC0415

            tell_corrections(order, outcome.about, tell.line)
        return outcome


def _run_by_prefect(order: Order, api: str | None, verbose: bool) -> Outcome:
    from flows.errors import RunError  # noqa: PLC0415
    from flows.prefect.server import answers  # noqa: PLC0415

    if api is None:
        say("Đang khởi động máy chủ tạm của Prefect (có thể mất nửa phút) …")
    elif not answers(api):
        raise RunError(
            f"Không kết nối được máy chủ Prefect {masked(api)}. Khởi động nó (hopnhat serve), "
            "hoặc bỏ cấu hình PREFECT_API_URL để chạy trực tiếp trên máy này."
        )
    prepare_prefect(console="INFO" if verbose else "CRITICAL")
    from flows.consolidate import consolidate  # noqa: PLC0415

    outcome: Outcome = consolidate(**order.parameters())  # type: ignore[assignment]  # its state's data
    return outcome


def _pdf_beside(report: Path, warehouse: Path, *, wanted: bool) -> None:
    """The report's PDF, made if it is wanted; without LibreOffice that is said, and no fault."""
    from reports.pdf import available  # noqa: PLC0415

    beside = report.with_suffix(".pdf")
    stale = beside.is_file() and beside.stat().st_mtime_ns < report.stat().st_mtime_ns
    if not wanted:
        if stale:
            say(f"{beside} là bản PDF của báo cáo cũ; làm lại: hopnhat run --pdf.")
    elif available() is None:
        say("Không viết bản PDF: máy này chưa cài LibreOffice (xem: hopnhat doctor).")
    elif stale or not beside.is_file():
        _write_pdf(report, beside, warehouse)
    else:
        say(f"Bản PDF: {beside}")


def _write_pdf(report: Path, beside: Path, warehouse: Path) -> None:
    from extractors.scratch import scratch  # noqa: PLC0415
    from flows.edited import tell_kept  # noqa: PLC0415
    from flows.publication import hand_over  # noqa: PLC0415
    from reports.pdf import PdfError, write_pdf  # noqa: PLC0415

    try:
        with scratch("pdf") as folder:
            made = write_pdf(report, folder).read_bytes()
    except PdfError as error:
        say(f"Không viết được bản PDF bằng LibreOffice ({error}); báo cáo .docx vẫn đủ.")
        return
    tell_kept(hand_over(warehouse, {beside: made}), Home.of_environment().limits, say)
    say(f"Bản PDF: {beside}")


def _summary(outcome: Outcome) -> str:
    """What was done and what is to be done next."""
    lines = [
        (
            f"Đã đọc {outcome.documents} văn bản ({outcome.fresh} mới hoặc đã đổi, "
            f"{outcome.failed} không đọc được): {outcome.observations} số liệu, "
            f"{outcome.doubts} điểm cần xem, trong đó {outcome.blocking} điểm phải xử lý "
            f"trước khi ban hành; {outcome.notes} ghi chú."
        ),
        f"Bảng đối chiếu: {outcome.workbook}",
    ]
    if outcome.blocking:
        lines.append(
            "Việc tiếp theo: xem các điểm phải xử lý trong bảng đối chiếu (hoặc: hopnhat "
            "findings), ghi quyết định (hopnhat decide) hoặc sửa văn bản nguồn, rồi chạy lại. Báo "
            "cáo tạm đóng dấu BẢN NHÁP:"
        )
    else:
        lines.append("Việc tiếp theo: mở báo cáo trong Word, xem lại và trình ký:")
    return "\n".join(lines)
