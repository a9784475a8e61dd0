"""The list of themes by area, with how often each was found; on a page and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Row
from sqlalchemy.orm import Session

from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.theme_names import themes as known_themes
from feedback.themes import counts
from feedback.themes.catalogue import AREAS, Catalogue, Entry
from feedback.themes.counts import Count
from models.base import db
from surveys.access import Access, allow

HEAD = ("Theme", "Name", "Own", "Area", "Under", "Counts as", "Hidden", "Mentions", "Negative",
        "State", "Learned")  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One theme of the list: how deep it stands, what counts as it, and how often it was found.

    `below` counts the themes that stand under it too, where there are any.
    """

    entry: Entry
    depth: int
    merged: tuple[Entry, ...]
    count: Count
    below: Count | None
    state: Row[Any] | None


def add_routes(blueprint: Blueprint) -> None:
    """`/themes` and `/themes.csv`."""

    @blueprint.get("/themes")
    @allow(Access.SESSION)
    def themes() -> ResponseReturnValue:
        session, known = db.session(), known_themes()
        found = counts.counts(session, g.workspace_id)
        return render_template(
            "themes.html",
            areas=lines(session, known, found),
            hidden=[known.entries[key] for key in known.hidden if key not in known.merged],
            found=bool(found),
            to_read=counts.to_read(session, g.workspace_id),
        )

    @blueprint.get("/themes.csv")
    @allow(Access.SESSION)
    def themes_csv() -> ResponseReturnValue:
        return csv_reply("themes", HEAD, list(_cells(db.session(), known_themes())))


def lines(
    session: Session, known: Catalogue, found: Mapping[str, Count]
) -> list[tuple[str, list[Line]]]:
    """The listed themes by area's name."""
    states = counts.states(session, g.workspace_id)
    return [
        (area, [_line(known, found, states, depth, entry) for depth, entry in rows])
        for area, rows in known.tree()
    ]


def _line(
    known: Catalogue,
    found: Mapping[str, Count],
    states: Mapping[str, Row[Any]],
    depth: int,
    entry: Entry,
) -> Line:
    parts = known.parts(entry.key)
    count, under = counts.counted(found, parts), list(_under(known, entry.key))
    return Line(
        entry=entry,
        depth=depth,
        merged=tuple(known.entries[key] for key in parts[1:]),
        count=count,
        below=count + counts.counted(found, under) if under else None,
        state=states.get(entry.key),
    )


def _under(known: Catalogue, key: str) -> Iterator[str]:
    for entry in known.below(key):
        yield from known.parts(entry.key)
        yield from _under(known, entry.key)


def _cells(session: Session, known: Catalogue) -> Iterator[tuple[Cell, ...]]:
    found = counts.counts(session, g.workspace_id)
    states = counts.states(session, g.workspace_id)
    for key, entry in known.entries.items():
        parent, state = known.parent(key), states.get(key)
        learned: datetime | None = state.fitted_at if state else None
        count = found.get(key, Count())
        yield (
            key,
            entry.name,
            entry.own,
            AREAS[known.area(key)],
            known.name(parent) if parent else "",
            known.name(known.shown(key)) if key in known.merged else "",
            known.is_hidden(key),
            count.mentions,
            count.negative,
            state.state if state else "",
            learned,
        )
