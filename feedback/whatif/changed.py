"""The rules as they would be: a configuration applied in a transaction that is never committed.

So they are checked, and laid over what is there, by the very code of `waymark apply`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply
from feedback.configuration.problems import ConfigurationError, Problem
from feedback.configuration.yaml_file import Document
from models.errors import NotFound
from models.survey import Trigger
from models.workspace import Workspace
from surveys.considering import Setting
from surveys.replay.rules import Rules, read_rules

ASKING = ("workspace", "surveys", "triggers", "segments", "quotas")
OTHERS = ("journeys", "campaigns", "experiments", "themes", "alerts", "goals")


@dataclass(frozen=True)
class Wanted:
    """What is to be changed: a configuration, and shares of single triggers by their keys."""

    document: Document = field(default_factory=lambda: Document({}, {}))
    samples: Mapping[str, float] = field(default_factory=dict)

    @property
    def left_out(self) -> list[str]:
        """The sections that change no asking of the past."""
        data = self.document.data
        return [name for name in OTHERS if isinstance(data, Mapping) and data.get(name)]


@dataclass(frozen=True)
class Changed:
    """The rules as they are and as they would be, and what differs, a line each."""

    now: Rules
    then: Rules
    lines: list[str]


def changed_rules(
    session: Session, workspace_id: int, wanted: Wanted, setting: Setting, now: datetime
) -> Changed:
    """Read both; raises ConfigurationError with every problem. Whatever comes, nothing is kept.

    The session has nothing of its own to commit: it is rolled back.
    """
    try:
        as_is = read_rules(session, workspace_id, setting)
        lines = _apply(session, workspace_id, wanted, now)
        then = read_rules(session, workspace_id, setting) if lines else as_is
    finally:
        session.rollback()
    return Changed(as_is, then, lines)


def _apply(session: Session, workspace_id: int, wanted: Wanted, now: datetime) -> list[str]:
    workspace = session.get(Workspace, workspace_id)
    if workspace is None:
        raise NotFound("the workspace is gone")
    lines = apply(session, workspace, _of_asking(wanted.document), now)
    for key, share in wanted.samples.items():
        lines += _sample(session, workspace_id, key, share)
    session.flush()
    return lines


def _of_asking(document: Document) -> Document:
    data = document.data
    if not isinstance(data, Mapping):
        return document
    kept = {name: value for name, value in data.items() if name not in OTHERS}
    return Document(kept, document.places)


def _sample(session: Session, workspace_id: int, key: str, share: float) -> list[str]:
    mine = (Trigger.workspace_id == workspace_id) & (Trigger.key == key)
    row = session.scalars(select(Trigger).where(mine)).one_or_none()
    if row is None:
        known = ", ".join(session.scalars(select(Trigger.key).where(_of(workspace_id))))
        mend = f"Use one of {known}." if known else "There is no trigger yet."
        problem = Problem(("samples", key), f"there is no trigger {key!r}", mend)
        raise ConfigurationError([problem], {})
    old = row.sample
    if old == share:
        return []
    row.sample = share
    return [f"trigger {key}: sample is {share:g} (was {old:g})"]


def _of(workspace_id: int) -> Any:
    return Trigger.workspace_id == workspace_id
