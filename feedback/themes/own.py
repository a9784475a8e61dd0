"""A workspace's own themes: created, changed, and taught what does not belong to them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.themes.catalogue import Catalogue
from feedback.themes.check import (
    LONGEST_NAME,
    LONGEST_SENTENCE,
    Said,
    ThemeProblems,
    given,
    problems,
    same,
)
from feedback.themes.rows import catalogue_of
from models.errors import Conflict
from models.theme import OwnTheme, ThemeExample
from models.workspace import Workspace
from nlp.redaction import redacted
from surveys.locking import lock

PREFIX = "own_"
MOST = 100
EXAMPLE, COUNTER = "example", "counter"
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


def create(
    session: Session,
    workspace_id: int,
    name: str,
    sentence: str,
    examples: Sequence[str],
    now: datetime,
    *,
    counters: Sequence[str] = (),
    key: str | None = None,
) -> OwnTheme:
    """Add a theme to a workspace; a worker learns it within seconds. Commits nothing.

    Raises ThemeProblems with every fault by field, and then nothing was written. `key` is made
    of the name unless it is given. Personal data in the examples is not kept.
    """
    lock(session, Workspace, workspace_id)
    known = catalogue_of(session, workspace_id)
    said = Said(name, sentence, tuple(examples), tuple(counters))
    wrong = problems(said, names(known))
    if wrong:
        raise ThemeProblems(wrong)
    if sum(entry.own for entry in known.entries.values()) >= MOST:
        raise ThemeProblems({"name": f"There are {MOST} own themes already; change one of them."})
    theme = OwnTheme(
        workspace_id=workspace_id,
        key=key or new_key(name, known.entries),
        name=name.strip(),
        sentence=_kept(sentence),
        state="learning",
        changed_at=now,
        created_at=now,
    )
    session.add(theme)
    session.flush()
    _add(session, theme, EXAMPLE, given(examples), now)
    _add(session, theme, COUNTER, given(counters), now)
    return theme


def change(
    session: Session,
    theme: OwnTheme,
    sentence: str,
    examples: Sequence[str],
    now: datetime,
    counters: Sequence[str] = (),
) -> bool:
    """Change what a theme is learned from; whether anything did. Commits nothing.

    Examples that stay keep their rows, and with them the comments they were taken from.
    """
    lock(session, OwnTheme, theme.id)
    wrong = problems(Said(theme.name, sentence, tuple(examples), tuple(counters)), ())
    if wrong:
        raise ThemeProblems(wrong)
    kept = _kept(sentence)
    moved = theme.sentence != kept
    theme.sentence = kept
    for kind, texts in ((EXAMPLE, examples), (COUNTER, counters)):
        wanted = dict.fromkeys(redacted(text) for text in given(texts))
        rows = [row for row in examples_of(session, theme) if row.kind == kind]
        for row in rows:
            if row.text not in wanted:
                session.delete(row)
        new = [text for text in wanted if text not in {row.text for row in rows}]
        _add(session, theme, kind, new, now)
        moved = moved or bool(new) or len(rows) != len(wanted)
    if moved:
        relearn(theme, now)
    session.flush()
    return moved


def add_counter(
    session: Session, theme: OwnTheme, text: str, comment_id: int, now: datetime
) -> ThemeExample | None:
    """Teach a theme that these words of a comment do not belong to it; None where it knows.

    Commits nothing. An example of the theme can't be a counter-example of it: Conflict.
    """
    lock(session, OwnTheme, theme.id)
    kept = redacted(text).strip()
    for row in examples_of(session, theme):
        if same(row.text) == same(kept):
            if row.kind == COUNTER:
                return None
            message = "these very words are one of the theme's examples"
            raise Conflict(message, mend="Take them out of its examples first.")
    relearn(theme, now)
    return _add(session, theme, COUNTER, [kept], now, comment_id)[0]


def forget_example(session: Session, theme: OwnTheme, example_id: int, now: datetime) -> bool:
    """Take a counter-example back; whether there was one. Commits nothing."""
    lock(session, OwnTheme, theme.id)
    row = session.get(ThemeExample, example_id)
    if row is None or row.theme_id != theme.id or row.kind != COUNTER:
        return False
    session.delete(row)
    relearn(theme, now)
    return True


def relearn(theme: OwnTheme, now: datetime) -> None:
    """Have a worker learn it anew; until then it finds mentions as it did."""
    theme.edition += 1
    theme.state, theme.error, theme.changed_at = "learning", None, now


def examples_of(session: Session, theme: OwnTheme) -> list[ThemeExample]:
    """The examples and counter-examples of a theme, in the order they were given."""
    mine = select(ThemeExample).where(ThemeExample.theme_id == theme.id)
    return list(session.scalars(mine.order_by(ThemeExample.id)))


def names(known: Catalogue, without: str | None = None) -> set[str]:
    """Every name that is taken, those that came with a theme too; `without` one theme's."""
    others = [entry for entry in known.entries.values() if entry.key != without]
    return {name for entry in others for name in (entry.name, entry.given)}


def new_key(name: str, taken: Collection[str]) -> str:
    """A key for a name: `own_couriers_manners`; a number after it where it is taken."""
    bare = name.lower().replace(_APOSTROPHE, "").replace("'", "")
    plain = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")
    base = PREFIX + (plain or "theme")[: LONGEST_NAME - len(PREFIX) - 4].strip("_")
    keys = (base if number == 1 else f"{base}_{number}" for number in range(1, MOST + 2))
    return next(key for key in keys if key not in taken)


def _kept(sentence: str) -> str:
    return redacted(sentence).strip()[:LONGEST_SENTENCE]


def _add(
    session: Session,
    theme: OwnTheme,
    kind: str,
    texts: Sequence[str],
    now: datetime,
    comment_id: int | None = None,
) -> list[ThemeExample]:
    rows = [
        ThemeExample(
            workspace_id=theme.workspace_id,
            theme_id=theme.id,
            comment_id=comment_id,
            kind=kind,
            text=redacted(text),
            created_at=now,
        )
        for text in texts
    ]
    session.add_all(rows)
    session.flush()
    return rows
