"""From the text of a reply to an answer: the one door to reading what people write by SMS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.errors import InvalidInput
from surveys.answers import AnswerValue, NotUnderstood, Parsed, Reading, Reason, Scale
from surveys.language_pack import pack
from surveys.replies.choices import read_choice
from surveys.replies.faces import read_face
from surveys.replies.labels import read_label
from surveys.replies.scores import read_score
from surveys.replies.text import tidy
from surveys.replies.yes_no import read_yes_no

__all__ = ["SCALES", "AnswerValue", "NotUnderstood", "Parsed", "Reading", "Reason", "parse_reply"]

SCALES: Mapping[str, Scale] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
TYPES = (*SCALES, "yes_no", "choice", "text")


def parse_reply(
    text: str,
    question_type: str,
    choices: Sequence[str] = (),
    language: str = "en",
    *,
    scale: Scale | None = None,
    multiple: bool = False,
    reverse: bool = False,
) -> Reading:
    """Read a reply to a question of that type.

    `choices` are the choices' words as they were shown; the value of a choice is one of them.
    `scale` replaces the type's own; with `reverse` its low end is the good one. Whatever the
    customer wrote, this never raises; InvalidInput is for a question that can't be.
    """
    if question_type in SCALES:
        return _score(text, question_type, language, scale or SCALES[question_type], reverse)
    if question_type == "yes_no":
        return read_yes_no(text, language)
    if question_type == "choice":
        if len(choices) < 2:
            raise InvalidInput("holds fewer than two", field="choices", mend="Give two or more.")
        return read_choice(text, choices, language, multiple=multiple)
    if question_type == "text":
        return Parsed(text.strip()) if text.strip() else NotUnderstood(Reason.EMPTY)
    raise InvalidInput(
        f"{question_type!r} is no question type",
        field="type",
        mend=f"Use one of {', '.join(TYPES)}.",
    )


def _score(text: str, question_type: str, language: str, scale: Scale, reverse: bool) -> Reading:
    labels = _labels(question_type, language, scale, reverse)
    read = read_label(text, labels, language) or _face(
        text, question_type, language, scale, reverse
    )
    return read or read_score(text, scale, language)


def _face(
    text: str, question_type: str, language: str, scale: Scale, reverse: bool
) -> Reading | None:
    """A smiley, where the question is how satisfied somebody was, in five steps."""
    if question_type != "csat" or scale != SCALES["csat"]:
        return None
    read = read_face(tidy(text), pack(language))
    if reverse and isinstance(read, Parsed) and isinstance(read.value, int):
        return Parsed(6 - read.value, read.comment)
    return read


def _labels(question_type: str, language: str, scale: Scale, reverse: bool) -> dict[str, int]:
    """The words of the scale's points, where the scale is the one they were made for."""
    known = pack(language)
    if question_type == "csat" and scale == SCALES["csat"]:
        return {word: 6 - point if reverse else point for word, point in known.csat5.items()}
    if question_type == "ces" and scale == SCALES["ces"] and not reverse:
        return dict(known.ces7)
    return {}
