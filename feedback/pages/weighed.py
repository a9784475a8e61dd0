"""Why a comment was read so, for people: its words weighed, and a sentence that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from feedback.pages.redaction import whole
from feedback.pages.theme_names import theme_name
from feedback.pages.words import status
from models.explanation import Explanation
from nlp.redaction import Redaction, redactions, without

STRONG, FAIR = 0.66, 0.33
"""From these parts of the greatest share on, a word carried much, or some of it."""
NAMED = 3
"""Words that the sentence names, of those that carried much or some."""
WHOLE = 400
"""Characters up to which a comment is shown whole, though only some of it was weighed."""
URGENT = "urgent"
Weights = Sequence[tuple[int, int, float]]


@dataclass(frozen=True)
class Shown:
    """One decision: what was decided, its words weighed, and the sentence."""

    label: str
    words: Markup
    sentence: str


@dataclass(frozen=True)
class Asked:
    """What somebody asks about, and what is known of it: nothing, that it is waited for, or why.

    `key` names it in addresses: `urgent`, or a mention as `START:END:SENTIMENT:THEME`, as it was
    shown in the form (feedback.pages.comment_form.Row).
    """

    key: str
    waiting: bool = False
    shown: tuple[Shown, ...] | None = None
    model: str = ""


def asked(text: str, key: str, found: Explanation | None) -> Asked:
    """What a page shows of a question, given what the worker has of the comment."""
    if found is None or found.words is None:
        return Asked(key, waiting=found is not None)
    shown = _urgent(text, found.words) if key == URGENT else _mention(text, key, found.words)
    return Asked(key, False, shown, found.model or "")


def _urgent(text: str, words: dict[str, Any]) -> tuple[Shown, ...]:
    weights = [(start, end, share) for start, end, share in words.get(URGENT, ())]
    first = min((start for start, _, _ in weights), default=0)
    last = max((end for _, end, _ in weights), default=len(text))
    place = (0, len(text)) if len(text) <= WHOLE else (first, last)
    return (_shown("Needs somebody today", text, weights, place),)


def _mention(text: str, key: str, words: dict[str, Any]) -> tuple[Shown, ...]:
    """The theme's words, then the sentiment's; empty where the model found no such mention."""
    for one in words["mentions"]:
        place = (one["start"], one["end"])
        if f"{place[0]}:{place[1]}:{one['sentiment']}:{one['theme']}" == key:
            theme, felt = theme_name(one["theme"]), status(one["sentiment"])[1]
            return (
                _shown(theme, text, one["theme_words"], place),
                _shown(felt, text, one["sentiment_words"], place),
            )
    return ()


def _shown(label: str, text: str, weights: Weights, place: tuple[int, int]) -> Shown:
    found = redactions(text)
    return Shown(label, _marked(text, weights, place, found), _sentence(text, weights, found))


def _marked(
    text: str, weights: Weights, place: tuple[int, int], found: Sequence[Redaction]
) -> Markup:
    """The masked stretch as HTML: the more a word carried, the thicker the line under it."""
    at, last = whole(*place, found)
    pieces = [Markup("…") if at else Markup()]
    greatest = _greatest(weights)
    for first, end, share in sorted(weights):
        start, stop = whole(max(first, at), min(end, last), found)
        if start >= stop:
            continue
        pieces.append(escape(without(text, found, at, start)))
        words = without(text, found, start, stop)
        pieces.append(Markup('<mark class="{}">{}</mark>').format(_kind(share, greatest), words))
        at = stop
    pieces.append(escape(without(text, found, at, last)))
    return Markup().join([*pieces, Markup("…") if last < len(text) else Markup()])


def _kind(share: float, greatest: float) -> str:
    if share < 0:
        return "why-against"
    strong, fair = STRONG * greatest, FAIR * greatest
    return "why-much" if share >= strong else "why-some" if share >= fair else "why-little"


def _greatest(weights: Weights) -> float:
    return max((abs(share) for _, _, share in weights), default=0.0)


def _sentence(text: str, weights: Weights, found: Sequence[Redaction]) -> str:
    """`“late” and “two days” carried this; “kind” spoke against it.`"""
    least = FAIR * _greatest(weights)
    by_weight = sorted(weights, key=lambda one: -abs(one[2]))
    named = sorted([one for one in by_weight if abs(one[2]) >= least][:NAMED])

    def quoted(sign: int) -> str:
        spans = [(a, b) for a, b, share in named if share * sign > 0]
        words = [f"“{without(text, found, *whole(a, b, found))}”" for a, b in spans]
        return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))

    carried, against = quoted(1), quoted(-1)
    if not carried and not against:
        return "No single word carried this: it is in all of them together."
    if not carried:
        return f"No single word carried this; {against} spoke against it."
    return f"{carried} carried this{f'; {against} spoke against it' if against else ''}."
