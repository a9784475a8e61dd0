"""The form that puts an answer right: what may be chosen, and what was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from feedback.inbox.mending import Mendable
from surveys.put_right import Given, Words
from surveys.replies.text import is_remark

KEEP = "keep"
_WORDS: Mapping[str, Words] = {"keep": "keep", "message": "message", "none": "none"}
Clear = Callable[[str], str]


@dataclass(frozen=True)
class Choice:
    """One thing to choose: as the form sends it, as it reads, and whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class MendingForm:
    """The form of one answer; `open` where it was sent and could not be saved."""

    key: str
    seen: str
    many: bool
    values: list[Choice]
    words: list[Choice]
    reason: str = ""
    open: bool = False


def form_of(one: Mendable, clear: Clear, sent: MultiDict[str, str] | None = None) -> MendingForm:
    """The form of an answer, with what was sent still in it."""
    now = set(_now(one)) if sent is None else set(sent.getlist("value"))
    words = _words_now(one) if sent is None else sent.get("words", KEEP)
    return MendingForm(
        key=one.question.key,
        seen=one.seen,
        many=_many(one),
        values=[Choice(value, label, value in now) for value, label in _values(one)],
        words=[Choice(value, label, value == words) for value, label in _words(one, clear)],
        reason=sent.get("reason", "") if sent else "",
        open=sent is not None,
    )


def given(one: Mendable, sent: MultiDict[str, str]) -> Given:
    """What somebody chose; nothing chosen is no answer."""
    chosen = [value for value in sent.getlist("value") if value]
    words = _WORDS.get(sent.get("words", KEEP), "keep")
    if one.question.type == "text":
        kept = one.said.value if one.said and chosen == [KEEP] else None
        return Given(kept, words)
    return Given(((chosen if _many(one) else chosen[0]) if chosen else None), words)


def _many(one: Mendable) -> bool:
    return bool(getattr(one.question, "multiple", False))


def _now(one: Mendable) -> list[str]:
    """The values as the form sends them."""
    value: Any = one.said.value if one.said else None
    if value is None:
        return [""]
    if one.question.type == "text":
        return [KEEP]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return list(value) if isinstance(value, tuple) else [str(value)]


def _values(one: Mendable) -> list[tuple[str, str]]:
    if one.question.type == "text":
        none = ("", "No answer: the words are kept as a comment")
        return [(KEEP, "The words, as they are"), none]
    options = [(option.value, option.label) for option in one.question.options("en")]
    return options if _many(one) else [("", "No answer"), *options]


def _words(one: Mendable, clear: Clear) -> list[tuple[str, str]]:
    """What may become of the words; they are the customer's own in any case."""
    if one.question.type == "text":
        return []
    comment = one.said.comment if one.said else None
    now = f"As it is: \u201c{clear(comment)}\u201d" if comment else "No comment, as it is"
    listed = [(KEEP, now)]
    if one.message and one.message != comment:
        listed.append(("message", f"The whole message: \u201c{clear(one.message)}\u201d"))
    if comment:
        listed.append(("none", "None: the words only say the answer"))
    return listed


def _words_now(one: Mendable) -> str:
    """The whole message is offered where it says more than was kept of it."""
    comment = one.said.comment if one.said else None
    more = one.message and one.message != comment and is_remark(one.message)
    return "message" if more and not comment else KEEP
