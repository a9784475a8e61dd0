"""The columns of a survey's answers: fixed by its published versions, whatever was answered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.exports.columns import Column, Kind, Value, text
from feedback.exports.wanted import Wanted
from models.survey import Survey, SurveyVersion
from nlp.redaction import redacted
from surveys.wording import in_language

KINDS: Mapping[str, Kind] = {
    "nps": Kind.NUMBER,
    "csat": Kind.NUMBER,
    "ces": Kind.NUMBER,
    "yes_no": Kind.YES_NO,
}
OTHER = text(
    "other_answers",
    "As JSON by question: what fits no column, such as answers of a type that a question had "
    "before. Nearly always empty.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a survey over all its versions; a type that changed makes it a text."""

    survey: str
    key: str
    kind: Kind
    words: str
    versions: tuple[int, ...]

    @property
    def columns(self) -> tuple[Column, Column]:
        """Its value, and the words that came with it."""
        name, where = f"{self.survey}.{self.key}", ", ".join(map(str, self.versions))
        return (
            Column(name, self.kind, f"“{self.words}” (version {where})"),
            text(f"{name}.comment", f"Words given with the answer to {name}."),
        )


@dataclass(frozen=True)
class AnswerColumns:
    """The columns of all questions, and how answers are laid out in them."""

    questions: tuple[Asked, ...]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Two a question, in order, and one for what fits none."""
        return (*(column for one in self.questions for column in one.columns), OTHER)

    @cached_property
    def _seats(self) -> Mapping[tuple[str, str], tuple[int, Kind]]:
        return {
            (one.survey, one.key): (2 * place, one.kind) for place, one in enumerate(self.questions)
        }

    def cells(self, survey: str, answers: Iterable[Any]) -> list[Value]:
        """One response's answers (question, value, comment) in these columns, words masked."""
        found: list[Value] = [None] * (2 * len(self.questions) + 1)
        other: dict[str, Any] = {}
        for answer in answers:
            seat, kind = self._seats.get((survey, answer.question), (None, Kind.TEXT))
            raw = answer.value.get("value")
            fits = seat is not None and (raw is None or _fits(raw, kind))
            if seat is not None and fits:
                found[seat] = _value(raw, kind)
            elif raw is not None:
                other[answer.question] = raw
            if answer.comment and seat is not None:
                found[seat + 1] = redacted(answer.comment)
            elif answer.comment:
                other[f"{answer.question}.comment"] = answer.comment
        found[-1] = redacted(json.dumps(other, ensure_ascii=False)) if other else None
        return found


def _fits(raw: object, kind: Kind) -> bool:
    if kind is Kind.YES_NO:
        return isinstance(raw, bool)
    if kind is Kind.NUMBER:
        return isinstance(raw, int | float) and not isinstance(raw, bool)
    return True


def _value(raw: object, kind: Kind) -> Value:
    if raw is None or kind is Kind.YES_NO:
        return None if raw is None else bool(raw)
    if kind is Kind.NUMBER and isinstance(raw, int | float):
        return float(raw)
    if isinstance(raw, list | tuple):
        return redacted("; ".join(map(str, raw)))
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return redacted(raw) if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)


def answer_columns(session: Session, wanted: Wanted) -> AnswerColumns:
    """Every question of every published version, survey by survey, in the order asked.

    A question stands where the newest version that asks it has it; those that only older
    versions ask come after.
    """
    query = (
        select(Survey.key, SurveyVersion.number, SurveyVersion.definition)
        .join(SurveyVersion, SurveyVersion.survey_id == Survey.id)
        .where(Survey.workspace_id == wanted.workspace_id)
        .order_by(Survey.key, SurveyVersion.number.desc())
    )
    if wanted.survey_id is not None:
        query = query.where(Survey.id == wanted.survey_id)
    found: dict[tuple[str, str], list[tuple[int, Mapping[str, Any]]]] = {}
    for survey, version, definition in session.execute(query):
        for question in _questions(definition):
            found.setdefault((survey, question["key"]), []).append((version, question))
    return AnswerColumns(tuple(_asked(*name, asked) for name, asked in found.items()))


def _questions(definition: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Read as it is stored: a version that today's rules would refuse still has its columns."""
    for one in definition.get("questions") or ():
        if isinstance(one, Mapping) and isinstance(one.get("key"), str):
            yield one


def _asked(survey: str, key: str, asked: Sequence[tuple[int, Mapping[str, Any]]]) -> Asked:
    kinds = {KINDS.get(str(question.get("type")), Kind.TEXT) for _, question in asked}
    newest, words = asked[0][1], asked[0][1].get("text")
    said = words if isinstance(words, str) else in_language(words or {}, "en", "en")
    return Asked(
        survey=survey,
        key=key,
        kind=kinds.pop() if len(kinds) == 1 else Kind.TEXT,
        words=said or str(newest["key"]),
        versions=tuple(sorted(version for version, _ in asked)),
    )
