"""One step of the flow: an input taken, an answer kept, the next question found."""

from __future__ import annotations

from dataclasses import dataclass, replace

from surveys.answers import NotUnderstood, Parsed, Reason
from surveys.contact_wishes import wants_contact
from surveys.definition import SurveyDefinition
from surveys.flow_route import route
from surveys.flow_say import again, say
from surveys.flow_types import Context, Remark, Reply, Saved, State, Step, Value
from surveys.language_pack import pack
from surveys.questions.registry import Question
from surveys.replies.text import is_remark, plain
from surveys.reply_reading import read_reply

MAX_MISSES = 2


@dataclass(frozen=True)
class Flow:
    """One survey, one customer and where they stand, for the length of one step."""

    definition: SurveyDefinition
    state: State
    context: Context

    def take_value(self, given: Value) -> Step:
        """A form's answer, to the open question or to an earlier one that is revised."""
        question = self._question(given.question)
        if question is None:
            return self.go_on()
        if given.value is None or given.value in ("", [], ()):
            return self.skip(question.key)
        read = question.from_value(given.value, self._language)
        if isinstance(read, Parsed):
            comment = (given.comment or "").strip() or read.comment
            return self._save(question, replace(read, comment=comment))
        if read.reason is Reason.EMPTY:
            return self.skip(question.key)
        return self._again(question, read.reason)

    def take_reply(self, given: Reply) -> Step:
        """An SMS to the open question; after the end it belongs to none."""
        question = self._question(self.state.current)
        if question is None:
            return replace(self.go_on(), leftover=given.text.strip() or None)
        spoken = given.language or self.context.language
        if not question.required and plain(given.text) in pack(spoken).skip:
            return self.skip(question.key)
        read = read_reply(question, given.text, self._language, spoken)
        if isinstance(read, Parsed):
            return self._save(question, read)
        return self._miss(question, given.text.strip(), read)

    def take_remark(self, given: Remark) -> Step:
        """Words that came on the heels of an answer: a new value for it, or its comment.

        Where the open question asks for words, or nothing was answered yet, they answer it.
        """
        behind, key = route(self.definition, self.state, self.context)
        asked = self._question(key)
        before = self._question(behind[-1]) if behind else None
        if asked is None or asked.type == "text" or before is None:
            return self.take_reply(Reply(given.text, given.language))
        spoken = given.language or self.context.language
        read = read_reply(before, given.text, self._language, spoken)
        if isinstance(read, Parsed) and before.type != "text":
            return self._save(before, read)
        said = self.state.comments.get(before.key), given.text.strip()
        comment = "\n".join(part for part in said if part)
        if not comment:
            return self.go_on()
        value = self.state.answers.get(before.key)
        return self._with_comment(before, comment).go_on(Saved(before.key, value, comment))

    def skip(self, key: str | None) -> Step:
        """Leave a question without an answer; one that has an answer keeps it."""
        question = self._question(key)
        if question is None or question.key in self.state.answers:
            return self.go_on()
        if question.required:
            return self._again(question, Reason.REQUIRED)
        return self._pass(question)

    def go_on(self, *saved: Saved) -> Step:
        """Stand at the question that is open now and ask it."""
        after = self.stood()
        return Step(after, say(self.definition, after, self.context), saved)

    def stood(self) -> State:
        """The state at the question that is open now; a new one starts with no misses."""
        _, key = route(self.definition, self.state, self.context)
        if key == self.state.current:
            return replace(self.state, finished=key is None)
        return replace(self.state, current=key, finished=key is None, misses=0, unread=())

    @property
    def _language(self) -> str:
        return self.definition.language_for(self.context.language)

    def _question(self, key: str | None) -> Question | None:
        return self.definition.by_key.get(key or "")

    def _again(self, question: Question, reason: Reason) -> Step:
        help_ = again(self.definition, self.state, question, reason, self.context)
        return Step(self.state, help_)

    def _miss(self, question: Question, text: str, read: NotUnderstood) -> Step:
        """Ask again twice; then keep what was written and go on.

        A wish to be contacted is kept at once, since nobody may answer after it.
        """
        missed = self._with(
            misses=self.state.misses + 1,
            unread=(*self.state.unread, text) if text else self.state.unread,
        )
        if missed.state.misses > MAX_MISSES:
            return missed._pass(question)
        step = missed._again(question, read.reason)
        if read.reason is not Reason.WISH:
            return step
        said = "\n".join(missed._unread(question))
        return replace(step, saved=(Saved(question.key, None, said),))

    def _save(self, question: Question, read: Parsed) -> Step:
        """Keep an answer; remarks written on the way to it join its comment."""
        unread = self._unread(question)
        remarks = [text for text in unread if is_remark(text) or wants_contact(text)]
        said = "\n".join([*remarks, *([read.comment] if read.comment else [])])
        comment = said or self.state.comments.get(question.key)
        kept = self._with(
            answers={**self.state.answers, question.key: read.value},
            passed=tuple(key for key in self.state.passed if key != question.key),
        )
        kept = kept._with_comment(question, comment)
        return kept.go_on(Saved(question.key, read.value, comment))

    def _pass(self, question: Question) -> Step:
        """Go on without a value; all that was written to the question becomes its comment."""
        comment = "\n".join(self._unread(question)) or self.state.comments.get(question.key)
        others = tuple(key for key in self.state.passed if key != question.key)
        passed = self._with(passed=(*others, question.key))._with_comment(question, comment)
        return passed.go_on(*([Saved(question.key, None, comment)] if comment else []))

    def _unread(self, question: Question) -> tuple[str, ...]:
        return self.state.unread if question.key == self.state.current else ()

    def _with_comment(self, question: Question, comment: str | None) -> Flow:
        if comment is None:
            return self
        return self._with(comments={**self.state.comments, question.key: comment})

    def _with(self, **changes: object) -> Flow:
        return replace(self, state=replace(self.state, **changes))  # type: ignore[arg-type]
