"""Structured logs; phone numbers and e-mail addresses are masked on the way out."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

from nlp.redaction import redactions, without

# Blunter than what comments are shown by: nobody misses a long number in a log.
_NUMBER = re.compile(r"\+?\d[\d\s()./-]{6,}\d")
_KEEP = {"timestamp", "level", "logger"}


def mask(text: str) -> str:
    """The text without e-mail addresses and anything as long as a phone number."""
    addresses = [one for one in redactions(text) if one.kind == "email"]
    return _NUMBER.sub("[number]", without(text, addresses))


def _masked(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _masked(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(one) for one in value]
    return mask(value if isinstance(value, str) else repr(value))


def _mask_values(
    logger: Any, method: str, record: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name, value in record.items():
        if name not in _KEEP:
            record[name] = _masked(value)
    return record


class _Masking(logging.Formatter):
    """The standard library's log lines, masked like ours."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class _Lines(logging.Formatter):
    """The same as JSON, with the names that ours have."""

    def format(self, record: logging.LogRecord) -> str:
        told = {"logger": record.name, "event": mask(record.getMessage())}
        told["level"] = record.levelname.lower()
        at = datetime.fromtimestamp(record.created, UTC)
        told["timestamp"] = at.isoformat().replace("+00:00", "Z")
        if record.exc_info:
            told["exception"] = mask(self.formatException(record.exc_info))
        return json.dumps(told)


def configure(level: int = logging.INFO) -> None:
    """JSON lines on standard error, or readable ones on a terminal."""
    handler = logging.StreamHandler(sys.stderr)
    read_by_a_person = sys.stderr.isatty()
    readable = _Masking("%(levelname)s %(name)s %(message)s")
    handler.setFormatter(readable if read_by_a_person else _Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if read_by_a_person else structlog.processors.JSONRenderer()
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
