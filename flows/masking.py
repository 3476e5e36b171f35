"""Secrets are not printed and not logged: passwords within URLs, and Prefect's own settings."""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from types import TracebackType

SECRETS = ("PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_KEY")
"""The environment's variables whose values are secrets as they stand."""

_WITHIN_URL = re.compile(r"(?<=://)[^\s'\"<>]*@")
"""User and password of a URL. Up to the last '@': a password may hold one."""

_HIDDEN = "***"


def masked(text: str) -> str:
    """The text without secrets."""
    text = _WITHIN_URL.sub(f"{_HIDDEN}@", text)
    for name in SECRETS:
        if secret := os.environ.get(name):
            text = text.replace(secret, _HIDDEN)
            password = secret.partition(":")[2]
            text = text.replace(password, _HIDDEN) if password else text
    return text


def mask_secrets() -> None:
    """Mask every log record of this process, whoever makes it, and what an exception prints."""
    made = logging.getLogRecordFactory()
    if made.__module__ == __name__:
        return  # masked already

    def make(*arguments: object, **more: object) -> logging.LogRecord:
        record: logging.LogRecord = made(*arguments, **more)
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info and record.exc_info[0] is not None:
            # What is kept here is what formatters print in place of the exception.
            record.exc_text = masked("".join(traceback.format_exception(*record.exc_info)).rstrip())
        return record

    logging.setLogRecordFactory(make)
    sys.excepthook = _print_masked


def _print_masked(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    sys.stderr.write(masked("".join(traceback.format_exception(kind, error, trace))))
