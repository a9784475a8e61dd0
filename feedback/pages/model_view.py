"""What the page Model says: which model reads, what a candidate would change, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import rereading
from feedback.adapting.rows import (
    LEAST,
    Shipped,
    corrected,
    in_state,
    model_name,
    reads,
    versions,
)
from feedback.pages.words import percent, signed, status
from feedback.themes.catalogue import Catalogue
from models.model_version import ModelVersion
from models.reading import Comment
from models.workspace import User

PARTS: Mapping[str, str] = {"sentiment": "Sentiment", "themes": "Themes", "urgency": "Urgency"}
TOO_FEW = "too few to tell"


@dataclass(frozen=True)
class FigureRow:
    """One line of the table: both models, and the difference with its interval in words."""

    what: str
    n: int
    today: str
    new: str
    difference: str
    verdict: str
    all: bool
    theme: bool


@dataclass(frozen=True)
class Example:
    """A comment both models did not learn from, and what each and people make of it."""

    id: int
    text: str
    rows: Sequence[tuple[str, str]]
    better: int


@dataclass(frozen=True)
class Candidate:
    """What a candidate would change."""

    version: ModelVersion
    summary: str
    rows: Sequence[FigureRow]
    changed: tuple[int, int]
    moved: Sequence[str]
    examples: Sequence[Example]


@dataclass(frozen=True)
class ModelView:
    """Everything the page shows."""

    name: str
    base: Shipped
    current: ModelVersion | None
    outdated: ModelVersion | None
    candidate: Candidate | None
    corrected: int
    new: int
    needed: int
    past: Sequence[ModelVersion]
    people: Mapping[int, str]
    remaining: rereading.Remaining


def view(session: Session, workspace_id: int, base: Shipped, known: Catalogue) -> ModelView:
    """The page of a workspace today."""
    current = reads(session, workspace_id, base)
    held = in_state(session, workspace_id, "current")
    every = versions(session, workspace_id)
    waiting = in_state(session, workspace_id, "candidate")
    learned = [one.learned_to for one in every if one.weights == base.weights]
    many = corrected(session, workspace_id)
    new = corrected(session, workspace_id, max(learned)) if learned else many
    name = model_name(session, workspace_id, base)
    return ModelView(
        name=name,
        base=base,
        current=current,
        outdated=held if held is not current else None,
        candidate=_candidate(session, waiting, known) if waiting else None,
        corrected=many,
        new=new,
        needed=max(0, LEAST - new),
        past=[one for one in every if one.state in ("retired", "failed")],
        people=_people(session, every),
        remaining=rereading.remaining(session, workspace_id, name),
    )


def _people(session: Session, every: Sequence[ModelVersion]) -> dict[int, str]:
    ids = {id_ for one in every for id_ in (one.promoted_by, one.retired_by) if id_}
    users = select(User.id, User.email).where(User.id.in_(ids))
    return dict(session.execute(users).all())


def _candidate(session: Session, version: ModelVersion, known: Catalogue) -> Candidate:
    figures = version.figures
    rows = [_row(one, known) for one in figures["figures"] if _worth(one)]
    off, of = figures["changed"]
    moved = [label for name in PARTS for label in _moved(name, figures["moved"], known)]
    examples = list(_examples(session, figures["examples"], known))
    return Candidate(version, _summary(rows), rows, (off, of), moved, examples)


def _worth(figure: Mapping[str, Any]) -> bool:
    """Urgency is left out where nothing of it is different."""
    return figure["what"] != "urgency" or int(figure["differ"]) > 0


def _row(figure: Mapping[str, Any], known: Catalogue) -> FigureRow:
    what, low, high = figure["what"], figure["low"], figure["high"]
    theme = what not in PARTS
    name = known.name(what) if theme else PARTS[what]
    difference, verdict = TOO_FEW, "unclear"
    if low is not None:
        points = [100 * value for value in (figure["new"] - figure["today"], low, high)]
        difference = "{} points, between {} and {}".format(*map(signed, points))
        verdict = "better" if low > 0 else "worse" if high < 0 else "unclear"
    shown = (percent(figure["today"]), percent(figure["new"]))
    return FigureRow(name, figure["n"], *shown, difference, verdict, figure["all"], theme)


def _summary(rows: Sequence[FigureRow]) -> str:
    """What the figures over all comments allow to say."""
    told = [row for row in rows if row.all]
    better = [row.what.lower() for row in told if row.verdict == "better"]
    worse = [row.what.lower() for row in told if row.verdict == "worse"]
    if better and worse:
        return f"It reads {' and '.join(better)} better, but {' and '.join(worse)} worse."
    if better:
        return f"It reads {' and '.join(better)} better than today's model."
    if worse:
        return f"It reads {' and '.join(worse)} worse than today's model. Better discard it."
    return "Whether it reads better can't be told from so few corrections; more will tell."


def _moved(name: str, moved: Mapping[str, Sequence[str]], known: Catalogue) -> Iterator[str]:
    for label in moved.get(name, ()):
        if name == "themes":
            yield known.name(label)
        elif name == "sentiment":
            yield status(label)[1]
        else:
            yield PARTS[name]


def _examples(
    session: Session, stored: Sequence[Mapping[str, Any]], known: Catalogue
) -> Iterator[Example]:
    """The examples whose comments are still there."""
    ids = [one["comment"] for one in stored]
    wanted = select(Comment.id, Comment.text).where(Comment.id.in_(ids))
    texts: Mapping[int, str] = dict(session.execute(wanted).all())
    for one in stored:
        text = texts.get(one["comment"])
        if text is not None:
            sides = (("Today", "today"), ("Candidate", "new"), ("People", "people"))
            rows = [(label, _said(one[key], known)) for label, key in sides]
            yield Example(one["comment"], text, rows, one["better"])


def _said(read: Mapping[str, Any], known: Catalogue) -> str:
    """A reading in a line."""
    feeling = status(read["sentiment"])[1] if read["sentiment"] else "Not read"
    themes = known.themes(read["themes"])
    listed = ", ".join(known.name(key) for key in themes) or "no theme"
    return f"{feeling} · {listed}{' · urgent' if read['urgent'] else ''}"


def decided(version: ModelVersion, people: Mapping[int, str]) -> tuple[datetime | None, str]:
    """When a version was last decided of, and by whom."""
    at = version.retired_at or version.promoted_at
    who = version.retired_by if version.retired_at else version.promoted_by
    return at, people.get(who or 0, "")
