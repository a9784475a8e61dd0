"""What workspaces learned, loaded once: the reader that finds their own themes too."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback.themes.rows import Version
from models.theme import OwnTheme
from nlp.custom_themes import CustomTheme
from nlp.errors import CustomThemeError
from nlp.reader import Reader

log = structlog.get_logger(__name__)


@dataclass
class Finding:
    """The learned themes a process has met, by what they are a version of."""

    known: dict[Version, tuple[str, CustomTheme | None]] = field(default_factory=dict)

    def beside(self, session: Session, reader: Reader, versions: Collection[Version]) -> Reader:
        """The reader that finds these themes too; commits.

        A theme that was learned with another encoder, or whose row is damaged, is left out and
        learned anew.
        """
        self._load(session, {version for version in versions if version not in self.known})
        themes, stale = {}, []
        for version in sorted(versions):
            key, theme = self.known.get(version, ("", None))
            if theme is not None and reader.finds(theme):
                themes[key] = theme
            elif key:
                stale.append(version[0])
        if stale:
            again = update(OwnTheme).where(OwnTheme.id.in_(stale), OwnTheme.state == "ready")
            session.execute(
                again.values(state="learning").execution_options(synchronize_session=False)
            )
        session.commit()
        return reader.beside(themes)

    def _load(self, session: Session, versions: Collection[Version]) -> None:
        if not versions:
            return
        columns = (OwnTheme.id, OwnTheme.fits, OwnTheme.key, OwnTheme.fitted)
        ids = {theme_id for theme_id, _ in versions}
        for row in session.execute(select(*columns).where(OwnTheme.id.in_(ids))):
            # a copy: two lanes of a worker look things up here
            for older in [version for version in list(self.known) if version[0] == row.id]:
                self.known.pop(older, None)
            self.known[row.id, row.fits] = row.key, _theme(row.id, row.fitted)


def _theme(theme_id: int, stored: dict[str, object] | None) -> CustomTheme | None:
    try:
        return CustomTheme.from_json(stored or {})
    except CustomThemeError as error:
        log.warning("theme_damaged", theme=theme_id, reason=error.message)
        return None
