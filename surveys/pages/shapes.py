"""The shapes of the survey's pages; plain data for the templates."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.channels.addresses import EMAIL, TALKS
from surveys.definition import SurveyDefinition
from surveys.flow import Context
from surveys.letters.words import letter_words
from surveys.pages.accent import Accent, accent
from surveys.pages.words import direction, words_for


@dataclass(frozen=True)
class Choice:
    """One answer to tap; `described` is what a screen reader says where the label is bare."""

    value: str
    label: str
    described: str = ""


@dataclass(frozen=True)
class Stops:
    """A link to where no more texts or e-mails can be asked for; no words: none is shown."""

    words: str = ""
    link: str = "?stop"


@dataclass(frozen=True)
class Frame:
    """What every page of a survey has in common; `stops` offers a way out of what brought it."""

    company: str
    language: str
    direction: str
    accent: Accent
    stops: Stops


@dataclass(frozen=True)
class QuestionPage(Frame):
    """One question; `kind` is score, list or text, `given` the values answered before.

    `chosen` is an answer that a link brought: marked, and saved by the button `confirm` alone.
    """

    key: str
    kind: str
    question: str
    intro: str | None
    options: tuple[Choice, ...]
    given: frozenset[str]
    chosen: Choice | None
    confirm: str
    multiple: bool
    low: str
    high: str
    skippable: bool
    typed: str
    limit: int
    error: str | None
    back: str | None
    progress: str


@dataclass(frozen=True)
class NoticePage(Frame):
    """A page that asks nothing: thanks, an ended survey, an unknown link."""

    heading: str
    lines: tuple[str, ...]
    back: str | None = None


@dataclass(frozen=True)
class Setting:
    """Whom a page speaks to, in which language, and what brought them: its channel, or `web`."""

    definition: SurveyDefinition
    context: Context
    accent: str
    language: str
    brought_by: str = "web"

    def frame(self) -> Frame:
        """The common part of its pages."""
        return Frame(
            company=self.definition.sender_name or self.context.company,
            language=self.language,
            direction=direction(self.language),
            accent=accent(self.accent),
            stops=_stops(self.brought_by, self.language),
        )


def _stops(brought_by: str, language: str) -> Stops:
    if brought_by in TALKS:
        return Stops(words_for(language)["stop_link"])
    if brought_by == EMAIL:
        return Stops(letter_words(language)["stop_link"], "?stop=email")
    return Stops()
