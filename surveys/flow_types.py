"""What goes into the flow engine and what comes out; all frozen, the state fit for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from surveys.answers import AnswerValue, Reason
from surveys.questions.base import Option
from surveys.questions.registry import Question


@dataclass(frozen=True)
class State:
    """Where a customer stands.

    `current` is the open question's key (None before the start and after the end), `passed`
    the questions left without a value, `misses` how often the open one was not understood
    and `unread` what was written then.
    """

    current: str | None = None
    answers: Mapping[str, AnswerValue] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    misses: int = 0
    unread: tuple[str, ...] = ()
    finished: bool = False

    def to_json(self) -> dict[str, Any]:
        """The state as JSON data."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        plain["answers"] = {key: _listed(value) for key, value in self.answers.items()}
        plain["comments"] = dict(self.comments)
        return {name: _listed(value) for name, value in plain.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> State:
        """The state that `to_json` gave; an empty mapping is a state before the start."""
        answers = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in data.get("answers", {}).items()
        }
        return cls(
            current=data.get("current"),
            answers=answers,
            comments=dict(data.get("comments", {})),
            passed=tuple(data.get("passed", ())),
            misses=int(data.get("misses", 0)),
            unread=tuple(data.get("unread", ())),
            finished=bool(data.get("finished", False)),
        )


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Context:
    """Whom the survey speaks to, and in whose name; `language` is the customer's locale.

    `link` is the survey page's address, where the channel has use for it: a message.
    """

    company: str
    customer: Mapping[str, object] = field(default_factory=dict)
    event: Mapping[str, object] = field(default_factory=dict)
    language: str = "en"
    channel: Literal["sms", "web", "whatsapp"] = "sms"
    link: str | None = None


@dataclass(frozen=True)
class Reply:
    """What a customer wrote by SMS to the open question; `language` where it is known."""

    text: str
    language: str | None = None


@dataclass(frozen=True)
class Remark:
    """What a customer wrote before they had seen the open question: it goes with the last."""

    text: str
    language: str | None = None


@dataclass(frozen=True)
class Value:
    """What a form sent for one question, the open one or an earlier one."""

    question: str
    value: object
    comment: str | None = None


@dataclass(frozen=True)
class Skip:
    """Go on without an answer to a question (the open one, where none is named)."""

    question: str | None = None


Input = Reply | Remark | Value | Skip


@dataclass(frozen=True)
class Saved:
    """An answer to write down; `value` is None where only words came."""

    question: str
    value: AnswerValue | None
    comment: str | None = None


@dataclass(frozen=True)
class Prompt:
    """Ask this question; `intro` stands before the very first one.

    `hint` says by SMS what a page shows as buttons; it is empty on the web.
    """

    question: Question
    text: str
    hint: str
    options: tuple[Option, ...] = ()
    intro: str | None = None


@dataclass(frozen=True)
class Again:
    """The answer did not fit: say `text`, and ask the question of `prompt` again."""

    prompt: Prompt
    reason: Reason
    text: str


@dataclass(frozen=True)
class Farewell:
    """The survey is done: say thanks."""

    text: str


Say = Prompt | Again | Farewell


@dataclass(frozen=True)
class Step:
    """What one input led to.

    `leftover` holds words that came after the end and belong to no question.
    """

    state: State
    say: Say
    saved: tuple[Saved, ...] = ()
    leftover: str | None = None
