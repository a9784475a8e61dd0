"""A workspace's themes from their rows, without what was learned of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from feedback.themes.catalogue import OWN_AREA, Catalogue, Entry, built_in
from models.errors import NotFound
from models.theme import OwnTheme, ThemeSetting

Version = tuple[int, int]
"""Of something learned: its theme's id, and the how-many-eth it is."""


def catalogue_of(session: Session, workspace_id: int) -> Catalogue:
    """The themes of a workspace and how it shows them; its own in order of name."""
    entries = built_in()
    columns = (OwnTheme.key, OwnTheme.name, OwnTheme.sentence)
    own = session.execute(select(*columns).where(OwnTheme.workspace_id == workspace_id)).all()
    for row in sorted(own, key=lambda row: row.name.casefold()):
        entries[row.key] = Entry(row.key, row.name, OWN_AREA, row.sentence, row.name, own=True)
    settings = select(ThemeSetting).where(ThemeSetting.workspace_id == workspace_id)
    for setting in session.scalars(settings):
        found = entries.get(setting.theme)
        if found is not None:
            entries[setting.theme] = replace(
                found,
                name=setting.name or found.given,
                merged_into=setting.merged_into,
                parent=setting.parent,
                hidden=setting.hidden,
            )
    return Catalogue(entries)


def own_keys(session: Session, workspace_id: int) -> set[str]:
    """The keys of a workspace's own themes."""
    return set(session.scalars(select(OwnTheme.key).where(OwnTheme.workspace_id == workspace_id)))


def find_own(session: Session, workspace_id: int, key: str) -> OwnTheme:
    """An own theme by key."""
    mine = (OwnTheme.workspace_id == workspace_id) & (OwnTheme.key == key)
    row = session.scalars(select(OwnTheme).where(mine)).one_or_none()
    if row is None:
        raise NotFound(f"there is no own theme {key!r}", mend="Choose one from the themes.")
    return row


def learned(session: Session, workspaces: Collection[int]) -> Mapping[int, frozenset[Version]]:
    """What each of these workspaces has learned; those that have no theme are left out."""
    columns = (OwnTheme.workspace_id, OwnTheme.id, OwnTheme.fits)
    ready = (OwnTheme.workspace_id.in_(workspaces), OwnTheme.fits > 0)
    found: dict[int, set[Version]] = defaultdict(set)
    for row in session.execute(select(*columns).where(*ready)):
        found[row.workspace_id].add((row.id, row.fits))
    return {workspace: frozenset(versions) for workspace, versions in found.items()}


def owed(session: Session) -> datetime | None:
    """Since when a theme waits to be learned, or history to be marked to be read with it."""
    open_ = or_(OwnTheme.state == "learning", OwnTheme.mark_below.is_not(None))
    return session.scalar(select(func.min(OwnTheme.changed_at)).where(open_))
