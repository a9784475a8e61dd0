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

    @property
    def passage(self) -> Passage:
        """What the encoder is given: a single clause is the whole, so it is pooled once."""
        return Passage(self.clean.text, spans=self.spans if len(self.spans) > 1 else ())


def prepare(text: CommentText) -> Prepared:
    """Clean a comment, tell its language, cut it; decides whether there is anything to read."""
    cleaned = clean(text.text)
    if not readable(cleaned.text):
        return Prepared(cleaned, Language(UNDETERMINED, False), ())
    language = identify(cleaned.text, text.language)
    return Prepared(cleaned, language, clauses(cleaned.text) if language.read else ())
