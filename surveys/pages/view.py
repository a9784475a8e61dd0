"""What a page shows, worked out from a visit; plain data for the templates."""

from __future__ import annotations

from surveys.flow import Again, Farewell, Prompt, State, Step, route
from surveys.letters.words import letter_words
from surveys.pages.accent import accent
from surveys.pages.progress import left
from surveys.pages.shapes import Choice, Frame, NoticePage, QuestionPage, Setting, Stops
from surveys.pages.words import words_for
from surveys.questions.choice import ChoiceQuestion
from surveys.questions.scale import ScaleQuestion
from surveys.questions.text import MAX_WORDS, TextQuestion

__all__ = [
    "Choice",
    "Frame",
    "NoticePage",
    "QuestionPage",
    "Setting",
    "Stops",
    "ended_page",
    "page_of",
    "question_page",
    "thanks_page",
    "unknown_page",
]


def page_of(
    setting: Setting, step: Step, typed: str = "", chosen: str | None = None
) -> QuestionPage | NoticePage:
    """The page that says what a step of the flow says; `typed` is what must not be lost.

    `chosen` is the value that a link brought: marked, and saved only when it is confirmed.
    """
    if isinstance(step.say, Farewell):
        return thanks_page(setting, step.say.text)
    if isinstance(step.say, Again):
        return question_page(setting, step.state, step.say.prompt, step.say.text, typed)
    return question_page(setting, step.state, step.say, chosen=chosen)


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
        stops=Stops(),
        heading=words["missing"],
        lines=(words["missing_mend"], words["missing_calm"]),
    )


def question_page(
    setting: Setting,
    state: State,
    prompt: Prompt,
    error: str | None = None,
    typed: str = "",
    chosen: str | None = None,
) -> QuestionPage:
    """One question, with the answer given before marked in it."""
    question = prompt.question
    passed, _ = route(setting.definition, state, setting.context)
    before = passed[: passed.index(question.key)] if question.key in passed else passed
    answer = state.answers.get(question.key)
    low, high = (
        question.anchors(setting.language) if isinstance(question, ScaleQuestion) else ("", "")
    )
    options = _choices(prompt, low, high)
    wanted = next((one for one in options if one.value == chosen), None)
    return QuestionPage(
        **vars(setting.frame()),
        key=question.key,
        kind=_kind(question),
        question=prompt.text,
        intro=prompt.intro,
        options=options,
        given=frozenset({wanted.value}) if wanted else _given(answer),
        chosen=wanted,
        confirm=_confirm(setting.language, wanted),
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


def _confirm(language: str, chosen: Choice | None) -> str:
    return letter_words(language)["confirm"].format(answer=chosen.label) if chosen else ""


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
