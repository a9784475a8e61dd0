"""The form that corrects a reading: as a page shows it, as it comes back, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from feedback.corrections.apply import (
    ADDED,
    CHANGED,
    CONFIRMED,
    NOT_URGENT,
    REMOVED,
    SENTIMENT,
    URGENT,
    Change,
)
from feedback.corrections.reading import Reading
from models.errors import InvalidInput

MOST = 200
NO_THEME = "Choose the theme these words speak of, or choose the whole comment again."


@dataclass(frozen=True)
class Row:
    """One mention as it was shown, and what the person makes of it."""

    start: int
    end: int
    was_theme: str
    was_sentiment: str
    theme: str
    sentiment: str
    gone: bool = False
    by_person: bool = False

    @property
    def shown(self) -> str:
        """The mention as it was shown, for a hidden field."""
        return f"{self.start}:{self.end}:{self.was_sentiment}:{self.was_theme}"

    def change(self) -> Change | None:
        """What differs from what was shown; None where nothing does."""
        if self.gone:
            return Change(REMOVED, None, self.start, self.end, self.was_theme)
        if (self.theme, self.sentiment) == (self.was_theme, self.was_sentiment):
            return None
        return Change(CHANGED, self.sentiment, self.start, self.end, self.was_theme, self.theme)


@dataclass(frozen=True)
class Form:
    """Everything the page asks; it is kept as typed until it can be saved.

    `urgent` is `yes` or `no`. `confirmed` holds the stamp of the reading where the person says
    that all the rest is right.
    """

    was: str
    sentiment: str
    rows: tuple[Row, ...]
    was_urgent: str = "no"
    urgent: str = "no"
    confirmed: str = ""
    add_theme: str = ""
    add_sentiment: str = ""
    add_where: str = ""

    def problem(self, whole: str) -> str | None:
        """What can't be saved as it is, in words: a stretch was chosen, but not its theme."""
        chosen = self.add_where not in ("", whole)
        return NO_THEME if chosen and not self.add_theme else None

    def changes(self) -> list[Change]:
        """What the person says; only what differs from what was shown."""
        return list(self._changes())

    def _changes(self) -> Iterator[Change]:
        if self.sentiment != self.was:
            yield Change(SENTIMENT, self.sentiment)
        if self.urgent != self.was_urgent:
            yield Change(URGENT if self.urgent == "yes" else NOT_URGENT)
        yield from (change for row in self.rows if (change := row.change()))
        if self.add_theme:
            start, end = span_of(self.add_where)
            yield Change(ADDED, self.add_sentiment, start, end, self.add_theme)
        if self.confirmed:
            yield Change(CONFIRMED)


def shown(reading: Reading) -> Form:
    """The form as it stands before anybody touches it."""
    felt = reading.sentiment or ""
    rows = tuple(
        Row(m.start, m.end, m.theme, m.sentiment, m.theme, m.sentiment, False, m.source == "person")
        for m in reading.mentions
    )
    urgent = "yes" if reading.urgent else "no"
    return Form(felt, felt, rows, urgent, urgent, add_sentiment=felt or "neutral")


def typed(fields: Mapping[str, str]) -> Form:
    """The form as it came back."""
    return Form(
        was=fields.get("was", ""),
        sentiment=fields.get("sentiment", fields.get("was", "")),
        rows=tuple(_rows(fields)),
        was_urgent=fields.get("was-urgent", ""),
        urgent=fields.get("urgent", fields.get("was-urgent", "")),
        confirmed=fields.get("confirm", ""),
        add_theme=fields.get("add-theme", ""),
        add_sentiment=fields.get("add-sentiment", "neutral"),
        add_where=fields.get("add-where", ""),
    )


def _rows(fields: Mapping[str, str]) -> Iterator[Row]:
    for place in range(MOST):
        name = f"m{place}"
        if name not in fields:
            return
        start, end, sentiment, theme = _parts(fields[name], 4)
        yield Row(
            _number(start),
            _number(end),
            theme,
            sentiment,
            fields.get(f"{name}-theme", theme),
            fields.get(f"{name}-sentiment", sentiment),
            f"{name}-gone" in fields,
        )


def span_of(where: str) -> tuple[int, int]:
    """Characters `start:end`."""
    start, end = _parts(where, 2)
    return _number(start), _number(end)


def _parts(text: str, many: int) -> list[str]:
    parts = text.split(":", many - 1)
    if len(parts) != many:
        raise _unusable()
    return parts


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise _unusable()
    return int(text)


def _unusable() -> InvalidInput:
    return InvalidInput("this form came back incomplete", mend="Reload the page and try again.")
