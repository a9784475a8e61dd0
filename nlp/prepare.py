"""Make a comment ready for the encoder: clean, told its language, cut into clauses."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.clauses import clauses
from nlp.language import Language, identify
from nlp.reading import UNDETERMINED, CommentText
from nlp.text import CleanText, clean, readable
from nlp.windows import Passage

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A comment made ready: clean, told its language, and cut into clauses."""

    clean: CleanText
    language: Language
    spans: Spans
    question: str = ""

    @property
    def passage(self) -> Passage:
        """What the encoder is given: a single clause is the whole, so it is pooled once."""
        spans = self.spans if len(self.spans) > 1 else ()
        return Passage(self.clean.text, self.question, spans)


def prepare(text: CommentText) -> Prepared:
    """Clean a comment, tell its language, cut it; decides whether there is anything to read."""
    cleaned = clean(text.text)
    if not readable(cleaned.text):
        return Prepared(cleaned, Language(UNDETERMINED, False), ())
    language = identify(cleaned.text, text.language, text.expected)
    if not language.read:
        return Prepared(cleaned, language, ())
    question = clean(text.question).text if text.question else ""
    return Prepared(cleaned, language, clauses(cleaned.text), question)
