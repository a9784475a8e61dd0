"""One invitation as a letter: plain data that is kept with its message and rendered as it leaves.

What opens a link may be a scanner: so a link that brings an answer only marks it on the page,
where the customer confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from surveys.definition import SurveyDefinition
from surveys.flow_types import Prompt
from surveys.letters.words import letter_words
from surveys.pages.words import direction
from surveys.questions.choice import ChoiceQuestion
from surveys.questions.scale import ScaleQuestion

MOST_LINKS = 11
STOP = "stop=email"


@dataclass(frozen=True)
class Answer:
    """One answer to tap: what it is called, what it means where that is known, where it leads."""

    label: str
    meaning: str
    link: str


@dataclass(frozen=True)
class Letter:
    """What stands in an e-mail; `answers` is empty where the page must be opened to answer."""

    company: str
    language: str
    accent: str
    intro: str
    question: str
    answers: tuple[Answer, ...]
    scale: bool
    low: str
    high: str
    link: str

    @property
    def words(self) -> Mapping[str, str]:
        """The letter's own words, with the company in them."""
        given = {"company": self.company, "link": self.link}
        words = letter_words(self.language)
        return {key: text.replace("{answer}", "").format_map(given) for key, text in words.items()}

    @property
    def subject(self) -> str:
        """One line."""
        return " ".join(self.words["subject"].split())

    @property
    def stop_link(self) -> str:
        """Where no more e-mails can be asked for; a POST there does it at once (RFC 8058)."""
        return f"{self.link}?{STOP}"

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return direction(self.language)

    def to_json(self) -> dict[str, Any]:
        """As kept with a message."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Letter:
        """What `to_json` gave."""
        return cls(**{**data, "answers": tuple(Answer(**one) for one in data["answers"])})


def letter(
    definition: SurveyDefinition, asked: Prompt, company: str, language: str, accent: str, link: str
) -> Letter:
    """The letter that asks a survey's first question."""
    question = asked.question
    scale = isinstance(question, ScaleQuestion)
    ends = question.anchors(language) if isinstance(question, ScaleQuestion) else ("", "")
    name = definition.sender_name or company
    named = name.casefold() in asked.text.casefold()
    hello = "" if named else letter_words(language)["hello"].replace("{company}", name)
    return Letter(
        company=name,
        language=language,
        accent=accent,
        intro=asked.intro or hello,
        question=asked.text,
        answers=_answers(asked, ends, link),
        scale=scale,
        low=ends[0],
        high=ends[1],
        link=link,
    )


def _answers(asked: Prompt, ends: tuple[str, str], link: str) -> tuple[Answer, ...]:
    question = asked.question
    several = isinstance(question, ChoiceQuestion) and question.multiple
    if several or not 0 < len(asked.options) <= MOST_LINKS:
        return ()
    meanings = {0: ends[0], len(asked.options) - 1: ends[1]}
    return tuple(
        Answer(
            one.label,
            meanings.get(place, ""),
            f"{link}?{urlencode({'at': question.key, 'value': one.value})}",
        )
        for place, one in enumerate(asked.options)
    )


def plain(sent: Letter) -> str:
    """The letter as text, with links that stand on lines of their own."""
    words = sent.words
    parts = [sent.intro, ""] if sent.intro else []
    parts += [sent.question, ""]
    if sent.answers:
        parts += [*(_line(one) for one in sent.answers), "", words["tap"]]
    else:
        parts += [f"{words['open']}:", sent.link]
    parts += ["", "-- ", words["why_you"], f"{words['stop']}:", sent.stop_link]
    return "\n".join(parts) + "\n"


def _line(one: Answer) -> str:
    meaning = f" ({one.meaning})" if one.meaning else ""
    return f"{one.label}{meaning}: {one.link}"
