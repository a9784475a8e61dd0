"""Themes of a configuration: checked with all the rest, and brought to what the file says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.problems import ConfigurationError, Problem
from feedback.configuration.schema import ThemeIn
from feedback.configuration.yaml_file import Path
from feedback.themes import own
from feedback.themes.catalogue import AREAS, OWN_AREA
from feedback.themes.check import Problems, Said, ThemeProblems, name_problem, problems
from feedback.themes.display import Shown, show
from feedback.themes.rows import catalogue_of
from models.theme import OwnTheme

_LISTS = {"example": "examples", "counter": "counter_examples", "counters": "counter_examples"}


def theme_problems(themes: Sequence[ThemeIn]) -> Iterator[Problem]:
    """What is wrong with the themes of a file by themselves."""
    names = [theme.name for theme in themes]
    for place, theme in enumerate(themes):
        yield from _told(place, problems(_said(theme), names[:place]))
        if theme.under is not None and theme.under not in AREAS:
            mend = f"Use one of {', '.join(AREAS)}."
            yield Problem(("themes", place, "under"), f"there is no area {theme.under!r}", mend)


def apply_themes(
    session: Session, workspace_id: int, themes: Sequence[ThemeIn], now: datetime
) -> Iterator[str]:
    """Make or change own themes; a line says what changed. What is changed is learned anew."""
    for place, theme in enumerate(themes):
        try:
            yield from _apply(session, workspace_id, theme, now)
        except ThemeProblems as error:
            raise ConfigurationError(_told(place, error.problems), {}) from error


def _apply(session: Session, workspace_id: int, wanted: ThemeIn, now: datetime) -> Iterator[str]:
    key, label = f"{own.PREFIX}{wanted.key}", f"theme {wanted.key}"
    mine = (OwnTheme.workspace_id == workspace_id) & (OwnTheme.key == key)
    row = session.scalars(select(OwnTheme).where(mine)).one_or_none()
    texts = (wanted.sentence, wanted.examples)
    if row is None:
        counters = wanted.counter_examples
        own.create(session, workspace_id, wanted.name, *texts, now, counters=counters, key=key)
        yield f"{label}: made"
    else:
        renamed = row.name != wanted.name
        if renamed:
            _rename(session, row, wanted.name, now)
        if own.change(session, row, *texts, now, wanted.counter_examples) or renamed:
            yield f"{label}: changed"
    entry = catalogue_of(session, workspace_id).entries[key]
    if wanted.under and wanted.under != (entry.parent or OWN_AREA):
        show(session, workspace_id, key, replace(Shown.of(entry), parent=wanted.under), now)
        yield f"{label}: stands under {wanted.under}"


def _rename(session: Session, row: OwnTheme, name: str, now: datetime) -> None:
    taken = own.names(catalogue_of(session, row.workspace_id), without=row.key)
    wrong = name_problem(name, taken)
    if wrong:
        raise ThemeProblems({"name": wrong})
    row.name = name
    own.relearn(row, now)
    session.flush()


def _said(theme: ThemeIn) -> Said:
    return Said(theme.name, theme.sentence, tuple(theme.examples), tuple(theme.counter_examples))


def _told(place: int, found: Problems) -> Iterator[Problem]:
    for field, words in found.items():
        name, _, number = field.partition("-")
        at: Path = ("themes", place, _LISTS.get(name, name))
        yield Problem((*at, int(number) - 1) if number else at, words.rstrip("."), "")
