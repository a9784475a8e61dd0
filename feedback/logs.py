"""Structured logs; phone numbers and e-mail addresses are masked on the way out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_PHONE = re.compile(r"\+?\d[\d\s().-]{6,}\d")
_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[a-zA-Z]{2,}")
_KEEP = {"timestamp", "level", "event", "logger"}


def mask(text: str) -> str:
    """The text without phone numbers and e-mail addresses."""
    return _PHONE.sub("[number]", _EMAIL.sub("[e-mail]", text))


def _mask_values(
    logger: Any, method: str, record: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name, value in record.items():
        if name not in _KEEP and isinstance(value, str):
            record[name] = mask(value)
    return record


class _Masking(logging.Formatter):
    """The standard library's log lines, masked like ours."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


def configure(level: int = logging.INFO) -> None:
    """JSON lines on standard error, or readable ones on a terminal."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Masking("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    renderer: Any = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _mask_values,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
