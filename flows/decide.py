"""``hopnhat decide``: what people settle, one decision at a time or a whole workbook of them."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.console import Exit, Warehouse, parse_day, published, put, say
from flows.help import OPTIONS, VietnameseCommand, VietnameseGroup
from flows.settings import Home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.deciding import Desk, Proposal, Signed
    from transforms.reading import HeaderField

app = typer.Typer(
    cls=VietnameseGroup,
    rich_markup_mode=None,
    options_metavar=OPTIONS,
    subcommand_metavar="[LỆNH [...]]",
    invoke_without_command=True,
    short_help="Quyết định về điểm nghi ngờ: chọn, sửa, loại bỏ, chấp nhận, gắn cách ghi.",
    help="Ghi quyết định của người có trách nhiệm vào sổ quyết định (decisions.jsonl): ai, khi "
    "nào, vì sao, khi đó thấy gì. Quyết định có tác dụng từ lần chạy sau (hopnhat run). Văn bản "
    "nguồn đổi thì quyết định hết hiệu lực và được hỏi lại.",
    epilog="hopnhat decide settle 590e105d68055c21 --why 'đã gọi điện hỏi xã'\n"
    "hopnhat decide --from data/out/doi-chieu-long-phung-xa-hoi-hoc-tap.xlsx\nhopnhat decide list",
)

Observation = Annotated[str, typer.Argument(metavar="OBSERVATION", help="Mã số liệu, 16 ký tự.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Lý do, căn cứ.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="TEXT",
        help="Người quyết định; mặc định là tên người dùng của máy.",
        show_default=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Không hỏi lại.")]


@app.callback()
def decide(
    context: typer.Context,
    workbook: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE.xlsx", help="Sổ đối chiếu đã điền.", show_default=False
        ),
    ] = None,
    by: By = None,
    yes: Yes = False,
    warehouse: Warehouse = None,
) -> None:
    """Take over a workbook's answers, or go on to the command."""
    from flows.errors import UsageError  # noqa: PLC0415

    if context.invoked_subcommand is not None:
        if workbook is not None or by is not None or yes or warehouse is not None:
            raise UsageError(
                "Tùy chọn phải đứng sau tên lệnh, ví dụ: hopnhat decide accept … --by Lan"
            )
        return
    if workbook is None:
        raise UsageError("Cần một lệnh, hoặc --from FILE.xlsx. Xem: hopnhat decide --help")
    _take_over(workbook, by, warehouse, yes=yes)


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Dạy một cách ghi: nhãn trong văn bản là chỉ tiêu nào.",
    epilog="hopnhat decide wording 'Hộ đạt GĐHT' gia-dinh-hoc-tap --as numerator "
    "--why 'cách ghi của xã'",
)
def wording(
    label: Annotated[str, typer.Argument(metavar="LABEL", help="Nhãn như văn bản ghi.")],
    indicator: Annotated[
        str, typer.Argument(metavar="INDICATOR", help="Mã hoặc tên chỉ tiêu trong danh mục.")
    ],
    why: Why,
    part: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="numerator|denominator",
            help="Nhãn là tử số hoặc mẫu số của chỉ tiêu.",
            show_default=False,
        ),
    ] = None,
    by: By = None,
    warehouse: Warehouse = None,
) -> Exit:
    """Dạy một cách ghi: từ nay nhãn này là chỉ tiêu này, trong mọi văn bản."""
    from flows.errors import UsageError  # noqa: PLC0415

    parts = {"numerator", "denominator"}
    if part is not None and part not in parts:
        raise UsageError(f"--as {part}: chọn một trong: denominator, numerator.")
    named = indicator if part is None else f"{indicator}/{part}"
    desk, signed = _desk(warehouse), _signed(by, why)
    return _take([desk.wording(label, named, signed)])


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Các số liệu mâu thuẫn: chọn số này.",
    epilog="hopnhat decide settle 590e105d68055c21 --why 'đã gọi điện hỏi xã'",
)
def settle(observation: Observation, why: Why, by: By = None, warehouse: Warehouse = None) -> Exit:
    """Chọn số liệu này trong những số liệu khác nhau về cùng một chỉ tiêu."""
    return _take([_desk(warehouse).settle(observation, _signed(by, why))])


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Sửa một số liệu.",
    epilog="hopnhat decide correct 590e105d68055c21 1.204 --why 'xã gõ thiếu một chữ số'",
)
def correct(
    observation: Observation,
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="Giá trị đúng, viết kiểu Việt Nam: 1.234,5.")
    ],
    why: Why,
    by: By = None,
    warehouse: Warehouse = None,
) -> Exit:
    """Sửa một số liệu; số trong văn bản vẫn được giữ và truy được."""
    return _take([_desk(warehouse).correct(observation, value, _signed(by, why))])


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Loại bỏ một số liệu.",
    epilog="hopnhat decide reject 590e105d68055c21 --why 'số của kỳ trước'",
)
def reject(observation: Observation, why: Why, by: By = None, warehouse: Warehouse = None) -> Exit:
    """Loại bỏ một số liệu: không dùng vào đâu nữa, nhưng vẫn truy được."""
    return _take([_desk(warehouse).reject(observation, _signed(by, why))])


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Chấp nhận một điểm nghi ngờ: không chặn ban hành nữa.",
    epilog="hopnhat decide accept 170910705ab941e4 --why 'đã đối chiếu bản gốc, số đúng'",
)
def accept(
    key: Annotated[
        str,
        typer.Argument(
            metavar="FINDING|OBSERVATION",
            help="Mã điểm nghi ngờ; hoặc mã số liệu: mọi điểm nghi ngờ của nó.",
        ),
    ],
    why: Why,
    by: By = None,
    warehouse: Warehouse = None,
) -> Exit:
    """Chấp nhận một điểm nghi ngờ: vẫn ghi trong danh sách, nhưng không chặn ban hành nữa."""
    return _take([_desk(warehouse).accept(key, _signed(by, why))])


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Phân bổ số liệu của đơn vị bị chia tách.",
    epilog="hopnhat decide allocate xa-cu xa-moi 37,5% --basis 'dân số theo NQ …' "
    "--why 'theo dân số'",
)
def allocate(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="Đơn vị bị chia tách.")],
    successor: Annotated[str, typer.Argument(metavar="SUCCESSOR", help="Đơn vị nhận phần này.")],
    share: Annotated[str, typer.Argument(metavar="SHARE", help="Tỷ lệ, ví dụ 37,5%.")],
    basis: Annotated[str, typer.Option("--basis", metavar="TEXT", help="Căn cứ của tỷ lệ.")],
    why: Why,
    indicator: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Chỉ của chỉ tiêu này.", show_default=False),
    ] = None,
    by: By = None,
    warehouse: Warehouse = None,
) -> Exit:
    """Phân bổ số liệu của đơn vị bị chia tách theo tỷ lệ có căn cứ."""
    desk, signed = _desk(warehouse), _signed(by, why)
    return _take([desk.allocate(unit, successor, share, basis, indicator, signed)])


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Ghi lại đơn vị, ngày số liệu, bản chính thức của một văn bản.",
    epilog="hopnhat decide document 'bao cao.docx' --unit 'xã Đức Hiệp' --as-of 30/06/2025 "
    "--why 'đã hỏi xã'",
)
def document(
    *,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE|SHA256", help="Tên tệp trong thư mục nhận, hoặc mã sha256."),
    ],
    why: Why,
    unit: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Đơn vị ban hành: tên hoặc mã của xã.", show_default=False
        ),
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            metavar="DATE",
            parser=parse_day,
            help="Ngày số liệu, 2025-06-30 hoặc 30/06/2025.",
            show_default=False,
        ),
    ] = None,
    draft: Annotated[
        bool | None,
        typer.Option(
            "--draft/--signed",
            help="Là bản dự thảo; hoặc là bản chính thức.",
            show_default=False,
        ),
    ] = None,
    by: By = None,
    warehouse: Warehouse = None,
) -> Exit:
    """Ghi lại điều mà văn bản không nói rõ hoặc bị hiểu sai: của đơn vị nào, số liệu đến ngày nào,
    là dự thảo hay bản chính thức. Tệp không bị sửa; tệp khác đi thì quyết định hết hiệu lực.
    """
    from flows.errors import UsageError  # noqa: PLC0415

    stated: dict[HeaderField, str] = {}
    if unit is not None:
        stated["unit"] = unit
    if as_of is not None:
        stated["as_of"] = as_of.isoformat()
    if draft is not None:
        stated["draft"] = "draft" if draft else "signed"
    if not stated:
        raise UsageError("Cần ít nhất một trong: --unit, --as-of, --draft, --signed.")
    return _take(_desk(warehouse).document(file, stated, _signed(by, why)))


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Xác nhận văn bản hoặc quyết định đã được bỏ đi có chủ ý.",
    epilog="hopnhat decide gone 'bao cao nhap.docx' --why 'xã đã thu hồi'\n"
    "hopnhat decide gone --why 'chuyển sang máy mới, bỏ văn bản cũ'",
)
def gone(
    why: Why,
    keys: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|SHA256|DECISION|LINE]...",
            help="Tên tệp hoặc mã sha256 của văn bản, mã quyết định, số dòng của sổ quyết định; "
            "không ghi thì là tất cả những gì đã biến mất.",
            show_default=False,
        ),
    ] = None,
    by: By = None,
    warehouse: Warehouse = None,
) -> Exit:
    """Xác nhận: văn bản không còn trong thư mục nhận, quyết định không còn trong sổ, là do cố ý.

    Chưa xác nhận thì còn chặn ban hành; chép lại tệp, lấy lại sổ từ bản sao lưu thì không cần.
    """
    from flows.decision_log import read_log  # noqa: PLC0415

    log = read_log(Home.of_environment().decisions)
    return _take([_desk(warehouse).gone(keys or (), log, _signed(by, why))])


@app.command(
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Rút một quyết định đã ghi.",
    epilog="hopnhat decide withdraw 0123456789abcdef --why 'ghi nhầm dòng'",
)
def withdraw(
    decision: Annotated[
        str, typer.Argument(metavar="DECISION", help="Mã quyết định (hopnhat decide list).")
    ],
    why: Why,
    by: By = None,
    warehouse: Warehouse = None,
) -> Exit:
    """Rút một quyết định: không áp dụng nữa, nhưng vẫn còn trong sổ."""
    from flows.decision_log import read_log  # noqa: PLC0415

    log = read_log(Home.of_environment().decisions)
    return _take([_desk(warehouse).withdraw(decision, log, _signed(by, why))])


@app.command(
    "list",
    cls=VietnameseCommand,
    options_metavar=OPTIONS,
    short_help="Liệt kê các quyết định đã ghi và tình trạng của chúng.",
    epilog="hopnhat decide list",
)
def show(warehouse: Warehouse = None) -> Exit:
    """Liệt kê các quyết định đã ghi: quyết định gì, ai, khi nào, vì sao, còn hiệu lực không."""
    from flows.deciding import listed  # noqa: PLC0415
    from flows.decision_log import read_log  # noqa: PLC0415
    from flows.pipeline import records  # noqa: PLC0415
    from flows.upgrade import require_current  # noqa: PLC0415

    home = Home.of_environment()
    path = warehouse or home.warehouse
    if path.is_file():
        require_current(path)
    rows = records(path, "decisions") if path.is_file() else []
    statuses = {row["decision"]: row["status"] for row in rows}
    put("\n".join(listed(read_log(home.decisions), statuses)) or "Chưa có quyết định nào.")
    return Exit.DONE


def _take_over(workbook: Path, by: str | None, warehouse: Path | None, *, yes: bool) -> None:
    """A workbook's answers, shown first. Raises RunError for one that cannot be taken over."""
    from flows.deciding import same  # noqa: PLC0415
    from flows.decision_log import read_log  # noqa: PLC0415
    from flows.errors import RunError  # noqa: PLC0415
    from flows.publication import taken_over  # noqa: PLC0415
    from reports.answers import AnswersError, answers_within_limits  # noqa: PLC0415

    try:
        content = workbook.read_bytes()
        answers = answers_within_limits(content, workbook.name, Home.of_environment().limits)
    except AnswersError as error:
        raise RunError(f"{error}\nChưa ghi quyết định nào.") from error
    proposals = _desk(warehouse).answered(answers, lambda one: _signed(one.by or by, one.why))
    known = read_log(Home.of_environment().decisions).decisions
    fresh = [one for one in proposals if not any(same(one.decision, old) for old in known)]
    if len(fresh) < len(proposals):
        say(f"{len(proposals) - len(fresh)} quyết định đã có trong sổ, không ghi lại.")
    if fresh:
        _show(fresh)
        if not yes and not _agreed(len(fresh)):
            raise RunError("Chưa ghi quyết định nào. Để ghi: thêm --yes.")
        _write(fresh)
    else:
        say(f"{workbook.name}: không có quyết định mới nào.")
    # What is in it is in the log by now: the next run may put a new one in its place.
    taken_over(published(warehouse), workbook, content)


def _agreed(number: int) -> bool:
    """Whether a person at a terminal says yes; without a terminal nobody does."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    say(f"Ghi {number} quyết định này? Gõ 'có' rồi Enter:")
    return sys.stdin.readline().strip().casefold() in {"có", "co", "c", "y", "yes"}


def _take(proposals: Sequence[Proposal]) -> Exit:
    _show(proposals)
    _write(proposals)
    return Exit.DONE


def _show(proposals: Sequence[Proposal]) -> None:
    from flows.deciding import KINDS  # noqa: PLC0415

    for one in proposals:
        say("\n".join((f"{KINDS[one.decision.kind]}:", *one.lines)))


def _write(proposals: Sequence[Proposal]) -> None:
    from flows.decision_log import append  # noqa: PLC0415

    path = Home.of_environment().decisions
    for one in append(path, [each.decision for each in proposals]):
        put(one.id)
    say(
        f"Đã ghi {len(proposals)} quyết định vào {path}.\n"
        "Việc tiếp theo: xem trước kết quả (hopnhat run --dry-run) hoặc chạy lại (hopnhat run)."
    )


def _desk(warehouse: Path | None) -> Desk:
    from flows.deciding import Desk  # noqa: PLC0415
    from flows.pipeline import catalogue_of  # noqa: PLC0415

    return Desk(published(warehouse), catalogue_of(Home.of_environment().path))


def _signed(by: str | None, why: str) -> Signed:
    import getpass  # noqa: PLC0415
    from datetime import datetime  # noqa: PLC0415

    from flows.deciding import Signed  # noqa: PLC0415
    from flows.decision_log import LOCAL  # noqa: PLC0415
    from flows.errors import UsageError  # noqa: PLC0415

    if by is None:
        try:
            by = getpass.getuser()
        except (OSError, KeyError, ImportError) as error:
            raise UsageError("Không biết tên người dùng của máy: hãy cho biết --by.") from error
    return Signed(by, why, datetime.now(LOCAL))
