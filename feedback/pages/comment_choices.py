"""What the comments page can be narrowed by: names to choose from, and the keys behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from feedback.pages.choices import CHANNEL_NAMES, asked_in, named
from feedback.pages.languages import language
from feedback.search.words import languages
from feedback.themes.catalogue import Catalogue
from models.customer import Segment
from models.journey import Journey, Stage, Touchpoint
from models.reading import SENTIMENTS
from models.survey import CHANNELS, Survey
from nlp.labels import EMOTIONS

Options = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Groups of (key, words) by their heading; one group without a heading where there is one."""

MOST = 1_000
"""Touchpoints that are offered."""


def choices(
    session: Session, workspace_id: int, themes: Catalogue
) -> dict[str, tuple[str, Options]]:
    """Each filter's label and options, by its name; one with nothing to choose is left out."""
    spoken = [one for one in languages(session, workspace_id) if one]
    found: dict[str, tuple[str, Options]] = {
        "stage": ("Stage", _stages(session, workspace_id)),
        "touchpoint": ("Touchpoint", _touchpoints(session, workspace_id)),
        "theme": ("Theme", themes.choices()),
        "sentiment": ("Feeling", _plain(SENTIMENTS)),
        "emotion": ("Emotion", _plain(EMOTIONS)),
        "language": ("Language", [("", [(one, language(one)) for one in spoken])]),
        "asked_in": ("Asked in", [("", asked_in(session, workspace_id))]),
        "survey": ("Survey", [("", named(session, workspace_id, Survey))]),
        "channel": ("Channel", _plain(CHANNELS)),
        "segment": ("Segment", [("", named(session, workspace_id, Segment))]),
        "urgent": ("Urgent", [("", [("yes", "Needs somebody today"), ("no", "Can wait")])]),
    }
    return {name: one for name, one in found.items() if any(group for _, group in one[1])}


def _plain(keys: Iterable[str]) -> Options:
    return [
        ("", [(key, CHANNEL_NAMES.get(key, key.replace("_", " ").capitalize())) for key in keys])
    ]


def _stages(session: Session, workspace_id: int) -> Options:
    query = (
        select(Stage.key, Stage.name, Journey.name.label("above"))
        .join(Journey, Journey.id == Stage.journey_id)
        .where(Stage.workspace_id == workspace_id)
        .order_by(Journey.name, Stage.position)
    )
    return _grouped(session, query)


def _touchpoints(session: Session, workspace_id: int) -> Options:
    query = (
        select(Touchpoint.key, Touchpoint.name, Stage.name.label("above"))
        .join(Stage, Stage.id == Touchpoint.stage_id)
        .where(Touchpoint.workspace_id == workspace_id)
        .order_by(Stage.journey_id, Stage.position, Touchpoint.position)
    )
    return _grouped(session, query.limit(MOST))


def _grouped(session: Session, query: Select[*tuple[Any, ...]]) -> Options:
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in session.execute(query):
        groups.setdefault(row.above, []).append((row.key, row.name))
    return list(groups.items())
