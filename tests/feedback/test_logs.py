from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import structlog

from feedback import logs
from feedback.logs import mask


@pytest.mark.parametrize(
    "private",
    [
        *("+447700900123", "07700 900 123", "(020) 7946-0018", "0161/4960842"),
        *("ada@example.org", "a.b+c@mail.example"),
    ],
)
def test_numbers_and_addresses_never_reach_a_log(private: str) -> None:
    assert private not in mask(f"could not text {private}, twice")


def test_ordinary_words_and_small_numbers_stay() -> None:
    assert mask("3 tasks of 500 rows in 12.5 s") == "3 tasks of 500 rows in 12.5 s"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Where a process that is just starting writes its log; afterwards all is as before."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, root.handlers[:] = root.handlers[:], []
    level = root.level
    written = io.StringIO()
    try:
        with redirect_stderr(written):
            logs.configure()
            yield written
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**before)


def test_whatever_is_logged_is_masked_wherever_it_stands(out: io.StringIO) -> None:
    log = structlog.get_logger("test")
    log.warning("texted +447700900123", to=["07700 900123", {"mail": "ada@example.org"}], n=7)
    log.warning("odd", error=ValueError("no ada@example.org"), at=("+447700900123",))
    try:
        raise LookupError("nobody at ada@example.org")
    except LookupError:
        log.exception("failed")
        logging.getLogger("other").exception("about %s", "+447700900123")
    said = out.getvalue()
    assert "ada@" not in said and "900123" not in said
    first = json.loads(said.splitlines()[0])
    assert first["event"] == "texted [number]" and first["n"] == 7
    assert first["to"] == ["[number]", {"mail": "[e-mail]"}]
    assert first["timestamp"][:2] == "20"
    last = json.loads(said.splitlines()[-1])  # every line is one, the standard library's too
    assert (last["event"], last["level"]) == ("about [number]", "error")
    assert last["logger"] == "other" and last["timestamp"][:2] == "20"
    assert "nobody at [e-mail]" in last["exception"]


def test_a_long_word_stays_as_it_is() -> None:
    assert mask("x" * 200_000) == "x" * 200_000
