"""The field `{link}`: the survey page's short link in an SMS, and left out on the page itself.

`[or answer here: {link}]` is a phrase that stands and falls with its link; `{link|this page}`
says something else where there is none. Other square brackets are plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FIELD = r"\{\s*link\s*(?:\|[^{}]*)?\}"
_LINK = re.compile(r"\{\s*link\s*(?:\|([^{}]*))?\}")
_PHRASE = re.compile(rf"\[([^\[\]]*{_FIELD}[^\[\]]*)\]")
_LONE = r"(?:\[[^\[\]]*" + _FIELD + r"[^\[\]]*\]|\{\s*link\s*(?:\|\s*)?\})"
_LEFT_OUT = re.compile(
    rf"(?:\n[ \t]*)+{_LONE}[ \t]*(?=\n|\Z)|"  # a line of its own
    rf"[ \t]*(?:\(\s*{_LONE}\s*\)|{_LONE})(?P<marks>\s*[.,;:!?]+)?"
)
_ENDS = (".", "!", "?", "…")
_GLUED = re.compile(rf"[\w}}/]{_FIELD}|{_FIELD}[\w{{/&=#%@+~-]")


def place_link(text: str, link: str | None) -> str:
    """A text with its link put in whole; without one, its phrases go and no gap stays.

    Works on the text as it is written, before other fields are filled, so that what a
    customer is called can't bring a link in.
    """
    if _LINK.search(text) is None:
        return text
    if link is not None:
        whole = _PHRASE.sub(lambda phrase: phrase.group(1), text)
        return _LINK.sub(lambda _: link, whole)
    rest = _LEFT_OUT.sub(_closing, text)
    return _LINK.sub(lambda field: (field.group(1) or "").strip(), rest).strip()


def has_link(text: str) -> bool:
    """Whether a text asks for the link."""
    return _LINK.search(text) is not None


def link_faults(text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the links of a text, each with its mend."""
    bare = _PHRASE.sub(r"\1", text)
    if _GLUED.search(bare):
        yield "has {link} right beside other letters", "Put a space before and after it."
    if has_link(text) and not place_link(text, None):
        yield "says nothing on the page, where {link} is left out", "Write more than the link."
    for words in _half_phrases(text):
        mend = "Put the whole phrase in brackets, [or answer here: {link}], or write {link|WORDS}."
        yield f"breaks off on the page, where {{link}} is left out: {words!r}", mend


def _half_phrases(text: str) -> Iterator[str]:
    """The words around each link that would stay behind, cut short, where there is no link.

    A link is safe in a bracketed phrase, with words to stand in for it, or between sentences.
    """
    rest = _PHRASE.sub(" ", text)
    for field in _LINK.finditer(rest):
        before, after = rest[: field.start()].rstrip(" \t"), rest[field.end() :]
        lone = before.endswith("(") and after.lstrip().startswith(")")
        if lone:
            before = before[:-1]
        begins = lone or not before or before.endswith((*_ENDS, ")", "\n"))
        runs_on = not lone and after.lstrip(" \t).,;:!?")[:1].islower()
        if not (field.group(1) or "").strip() and (runs_on or not begins):
            yield f"{before[-20:]} {field.group()}{after[:20]}".strip()


def _closing(left_out: re.Match[str]) -> str:
    """The marks behind what is left out, unless the text before it has ended already."""
    marks = left_out.group("marks") or ""
    before = left_out.string[: left_out.start()].rstrip()
    return "" if not before or before.endswith(_ENDS) else marks.lstrip()
