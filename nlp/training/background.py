"""Ordinary comments for a workspace that has too few of its own to tell a theme from.

They are shipped as texts, not as vectors: vectors would have to be made anew with every encoder,
and 300 comments are encoded in a second or two when a theme is fitted.
"""

from __future__ import annotations

from functools import cache

from nlp.training.example import bucket
from nlp.training.written_files import SENTENCES, written_examples

NUMBER = 300


@cache
def background_texts(number: int = NUMBER, language: str = "en") -> tuple[str, ...]:
    """So many of Waymark's own comments in a language, drawn evenly and always the same."""
    whole = (e for e in written_examples(language) if e.source != SENTENCES and e.span is None)
    once = dict.fromkeys(example.text for example in whole)
    return tuple(sorted(once, key=lambda text: (bucket(text, 1 << 32), text))[:number])
