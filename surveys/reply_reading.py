"""A reply read as an answer, with a wish to be contacted told apart from it."""

from __future__ import annotations

from dataclasses import replace

from surveys.answers import NotUnderstood, Parsed, Reading, Reason
from surveys.contact_wishes import wants_contact, without_wishes
from surveys.questions.registry import Question


def read_reply(question: Question, text: str, language: str, spoken: str) -> Reading:
    """What a reply answers. A wish to be contacted gives no value: "call me at 9" is no nine.

    It is kept as the comment beside a value in the words around it: "2, please call me". Words
    are an answer as they are, and so is a choice where one of the choices is such a wish.
    """
    plain = question.type == "text" or not wants_contact(text)
    labels = (option.label for option in question.options(language))
    if plain or (question.type == "choice" and any(map(wants_contact, labels))):
        return question.from_reply(text, language, spoken)
    rest, wish = without_wishes(text)
    read = question.from_reply(rest, language, spoken) if rest else None
    if not isinstance(read, Parsed):
        return NotUnderstood(Reason.WISH)
    return replace(read, comment=", ".join(filter(None, (read.comment, wish))))
