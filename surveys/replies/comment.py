"""The words that come with an answer."""

from __future__ import annotations

from surveys.language_pack import Pack
from surveys.replies.text import Tidy, words

_LOOSE = " \t\r\n-:,.;!?/=*'\"\u2026\u2013\u2014\u2018\u2019\u201c\u201d_~+&"


def comment_around(tidied: Tidy, start: int, end: int, known: Pack) -> str | None:
    """What stands before and after the answer, as it was sent; None where it says nothing."""
    before = said(
        tidied.cut(0, start).rstrip(_LOOSE.replace("!", "").replace("?", "") + "("), known
    )
    if before is not None and all_led_up(before, known):
        before = None
    after = said(tidied.cut(end, len(tidied.text)).lstrip(_LOOSE + ")").strip(), known)
    return " ".join(part for part in (before, after) if part) or None


def all_led_up(text: str, known: Pack) -> bool:
    """Whether words do nothing but lead up to an answer: "je donne la note de" 8."""
    return not set(words(text)) - known.fillers - known.lead - known.out_of


def said(text: str, known: Pack) -> str | None:
    """The text, where it holds more than thanks, hedges, signs and emoji."""
    stripped = text.strip()
    if stripped.startswith("(") and stripped.endswith(")"):
        stripped = stripped[1:-1].strip()
    meant = [word for word in words(stripped) if word not in known.fillers]
    return stripped if meant else None
