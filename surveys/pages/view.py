"""What a page shows, worked out from a visit; plain data for the templates."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.definition import SurveyDefinition
from surveys.flow import Again, Context, Farewell, Prompt, State, Step, route
from surveys.pages.accent import Accent, accent
from surveys.pages.progress import left
from surveys.pages.words import direction, words_for
from surveys.questions.choice import ChoiceQuestion
from surveys.questions.scale import ScaleQuestion
from surveys.questions.text import MAX_WORDS, TextQuestion


@dataclass(frozen=True)
class Choice:
    """One answer to tap; `described` is what a screen reader says where the label is bare."""

    value: str
    label: str
    described: str = ""


@dataclass(frozen=True)
class Frame:
    """What every page of a survey has in common; `stops` offers a way out of texts."""

    company: str
    language: str
    direction: str
    accent: Accent
    stops: bool


@dataclass(frozen=True)
class QuestionPage(Frame):
    """One question; `kind` is score, list or text, `given` the values answered before."""

    key: str
    kind: str
    question: str
    intro: str | None
    options: tuple[Choice, ...]
    given: frozenset[str]
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
    """Whom a page speaks to, in which language, and whether an SMS brought them."""

    definition: SurveyDefinition
    context: Context
    accent: str
    language: str
    texted: bool = False

    def frame(self) -> Frame:
        """The common part of its pages."""
        return Frame(
            company=self.definition.sender_name or self.context.company,
            language=self.language,
            direction=direction(self.language),
            accent=accent(self.accent),
            stops=self.texted,
        )


def page_of(setting: Setting, step: Step, typed: str = "") -> QuestionPage | NoticePage:
    """The page that says what a step of the flow says; `typed` is what must not be lost."""
    if isinstance(step.say, Farewell):
        return thanks_page(setting, step.say.text)
    if isinstance(step.say, Again):
        return question_page(setting, step.state, step.say.prompt, step.say.text, typed)
    return question_page(setting, step.state, step.say)


def thanks_page(setting: Setting, text: str) -> NoticePage:
    """The farewell; the survey's own words first."""
    words = words_for(setting.language)
    first = setting.definition.questions[0].key
    return NoticePage(
        **vars(setting.frame()),
        heading=text or words["thanks"],
        lines=(words["thanks_done"],),
        back=f"?at={first}",
    )


def ended_page(setting: Setting, kept: bool) -> NoticePage:
    """The survey is over; what was answered in time is kept."""
    words = words_for(setting.language)
    line = words["gone_kept" if kept else "gone_none"]
    return NoticePage(**vars(setting.frame()), heading=words["gone"], lines=(line,))


def unknown_page(language: str | None = None) -> NoticePage:
    """No survey lies behind this link; nobody's name is on the page."""
    words = words_for(language)
    return NoticePage(
        company="",
        language="en",
        direction="ltr",
        accent=accent(""),
        stops=False,
        heading=words["missing"],
        lines=(words["missing_mend"], words["missing_calm"]),
    )


def question_page(
    setting: Setting, state: State, prompt: Prompt, error: str | None = None, typed: str = ""
) -> QuestionPage:
    """One question, with the answer given before marked in it."""
    question = prompt.question
    passed, _ = route(setting.definition, state, setting.context)
    before = passed[: passed.index(question.key)] if question.key in passed else passed
    answer = state.answers.get(question.key)
    low, high = (
        question.anchors(setting.language) if isinstance(question, ScaleQuestion) else ("", "")
    )
    return QuestionPage(
        **vars(setting.frame()),
        key=question.key,
        kind=_kind(question),
        question=prompt.text,
        intro=prompt.intro,
        options=_choices(prompt, low, high),
        given=_given(answer),
        multiple=isinstance(question, ChoiceQuestion) and question.multiple,
        low=low,
        high=high,
        skippable=not question.required and not isinstance(question, TextQuestion),
        typed=typed or (answer if isinstance(answer, str) else ""),
        limit=MAX_WORDS,
        error=error,
        back=before[-1] if before else None,
        progress=_progress(setting, question.key, len(before)),
    )


def _kind(question: object) -> str:
    if isinstance(question, TextQuestion):
        return "text"
    return "score" if isinstance(question, ScaleQuestion) else "list"


def _choices(prompt: Prompt, low: str, high: str) -> tuple[Choice, ...]:
    last = len(prompt.options) - 1
    ends = {0: low, last: high} if low else {}
    return tuple(
        Choice(one.value, one.label, f"{one.label}, {ends[place]}" if place in ends else "")
        for place, one in enumerate(prompt.options)
    )


def _given(answer: object) -> frozenset[str]:
    if answer is None:
        return frozenset()
    if isinstance(answer, bool):
        return frozenset({"yes" if answer else "no"})
    return frozenset(answer if isinstance(answer, tuple) else {str(answer)})


def _progress(setting: Setting, key: str, before: int) -> str:
    ahead = left(setting.definition, key)
    name = "position" if ahead.fewest == ahead.most else "position_at_most"
    return words_for(setting.language)[name].format_map(
        {"place": before + 1, "total": before + ahead.most}
    )
