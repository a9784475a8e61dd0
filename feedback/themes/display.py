"""How a workspace shows a theme: renamed, merged, nested, hidden; nothing is lost by any of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.themes.catalogue import AREAS, Catalogue, Entry
from feedback.themes.check import ThemeProblems, name_problem, same
from feedback.themes.own import names
from feedback.themes.rows import catalogue_of
from models.errors import NotFound
from models.theme import ThemeSetting
from models.workspace import Workspace
from surveys.locking import lock


@dataclass(frozen=True, slots=True)
class Shown:
    """How a theme is to be shown; an empty text leaves or puts it as it came."""

    name: str = ""
    merged_into: str = ""
    parent: str = ""
    hidden: bool = False

    @classmethod
    def of(cls, entry: Entry) -> Shown:
        """How it is shown today."""
        return cls(entry.name, entry.merged_into or "", entry.parent or "", entry.hidden)


def show(session: Session, workspace_id: int, key: str, wanted: Shown, now: datetime) -> None:
    """Show a theme as wanted from now on. Commits nothing.

    Raises ThemeProblems by field (`name`, `merged_into`, `parent`), and then nothing changed.
    """
    lock(session, Workspace, workspace_id)
    known = catalogue_of(session, workspace_id)
    entry = known.entries.get(key)
    if entry is None:
        raise NotFound(f"there is no theme {key!r}", mend="Choose one from the themes.")
    new = _entry(entry, wanted)
    wrong = _problems(known, entry, new)
    if wrong:
        raise ThemeProblems(wrong)
    mine = (ThemeSetting.workspace_id == workspace_id) & (ThemeSetting.theme == key)
    row = session.scalars(select(ThemeSetting).where(mine)).one_or_none()
    if row is None:
        row = ThemeSetting(workspace_id=workspace_id, theme=key)
        session.add(row)
    row.name = None if new.name == new.given else new.name
    row.merged_into, row.parent, row.hidden = new.merged_into, new.parent, new.hidden
    row.changed_at = now
    session.flush()


def _entry(entry: Entry, wanted: Shown) -> Entry:
    """The entry as it would be; standing in its own area is standing where it came."""
    return replace(
        entry,
        name=wanted.name.strip() or entry.given,
        merged_into=wanted.merged_into or None,
        parent=None if wanted.parent in ("", entry.area) else wanted.parent,
        hidden=wanted.hidden,
    )


def _problems(known: Catalogue, old: Entry, new: Entry) -> dict[str, str]:
    found: dict[str, str] = {}
    if same(new.name) != same(new.given):
        wrong = name_problem(new.name, names(known, without=old.key))
        if wrong:
            found["name"] = wrong
    others = {*known.entries} - {old.key}
    if new.merged_into and new.merged_into not in others:
        found["merged_into"] = "Choose another theme to count it as."
    elif new.merged_into and old.key in _until(known, new.merged_into):
        found["merged_into"] = f"{known.name(new.merged_into)} counts as this one already."
    if new.parent and new.parent not in others and new.parent not in AREAS:
        found["parent"] = "Choose an area, or another theme."
    if not found and _circles(Catalogue({**known.entries, old.key: new})):
        field = "parent" if new.parent != old.parent else "merged_into"
        found[field] = f"{known.name(str(new.parent))} stands under this one already."
    return found


def _until(known: Catalogue, key: str | None) -> list[str]:
    """A theme and what it is merged into, one after the other."""
    found: list[str] = []
    while key is not None and key not in found:
        found.append(key)
        entry = known.entries.get(key)
        key = entry.merged_into if entry else None
    return found


def _circles(known: Catalogue) -> bool:
    """Whether some theme would stand under itself."""
    for key in known.entries:
        chain = [key, *known.above(key)]
        if known.parent(chain[-1]) is not None:
            return True
    return False
