"""The command line's own words in Vietnamese: help that opens with an example, and usage errors."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter


OPTIONS = "[TÙY CHỌN]"
"""Where a command's options go, in its usage."""


class UnusableValue(typer.BadParameter):
    """Raised by our own parsers, with a reason in Vietnamese."""


class VietnameseCommand(TyperCommand):
    """A command whose ``epilog`` is its example, shown first."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the example, the usage, the text, the parameters."""
        _write_help(self, ctx, formatter)


class VietnameseGroup(TyperGroup):
    """The group of commands, its ``epilog`` likewise."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the example, the usage, the text, the commands."""
        _write_help(self, ctx, formatter)
        with formatter.section(f"Các lệnh (xem thêm: {ctx.command_path} LỆNH --help)"):
            formatter.write_dl(
                [
                    (name, str(command.short_help))
                    for name in self.list_commands(ctx)
                    if (command := self.get_command(ctx, name)) and not command.hidden
                ]
            )


def _write_help(command: Command, ctx: Context, formatter: HelpFormatter) -> None:
    formatter.write("Ví dụ:\n")
    for line in inspect.cleandoc(command.epilog or "").splitlines():
        formatter.write(f"  {line}\n")
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write(f"\nCách dùng: {ctx.command_path} {pieces}\n")
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        formatter.write_paragraph()
        formatter.write_text(paragraph)
    for title, kind in (("Tham số", "argument"), ("Tùy chọn", "option")):
        records = [
            (_in_vietnamese(record[0]), _in_vietnamese(record[1]))
            for parameter in command.get_params(ctx)
            if parameter.param_type_name == kind and (record := parameter.get_help_record(ctx))
        ]
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


def _in_vietnamese(text: str) -> str:
    for english, vietnamese in (
        ("Show this message and exit.", "Hiện hướng dẫn này."),
        ("[required]", "[bắt buộc]"),
        ("[default: ", "[mặc định: "),
        (" <path>", ""),
        (" <list[Path]>", ""),
        (" <str>", ""),
    ):
        text = text.replace(english, vietnamese)
    return text


def usage_message(error: TyperException) -> str:
    """A usage error in the officer's words."""
    facts: dict[str, Any] = vars(error)
    parameter = facts.get("param")
    name = facts.get("param_hint") or (parameter.get_error_hint() if parameter else "")
    hint = name if isinstance(name, str) else " / ".join(name)
    context = facts.get("ctx")
    more = f"Xem: {context.command_path if context else 'hopnhat'} --help"
    match type(error).__name__:
        case "UnusableValue":
            return f"Giá trị không dùng được cho {hint}: {error.message} {more}"
        case "BadParameter":
            return f"Giá trị không dùng được cho {hint}. {more}"
        case "MissingParameter":
            return f"Thiếu {hint}. {more}"
        case "NoSuchOption":
            return f"Không có tùy chọn {facts['option_name']}. {more}"
        case "NoArgsIsHelpError":
            return error.message
        case _:
            return f"Không hiểu lệnh này ({error.message}). {more}"
