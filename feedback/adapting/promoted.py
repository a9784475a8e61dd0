"""Promoted heads in a worker: one encoder, and a workspace's own heads on it where it has some."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.model_version import ModelVersion
from nlp.adapting.stored import laid_over
from nlp.errors import ArtefactError
from nlp.heads import Head
from nlp.reader import Reader

MOST = 256
"""Versions kept in memory, about 100 KB each."""

log = structlog.get_logger(__name__)


@dataclass
class Promoted:
    """The promoted heads a process has met, by their version's id; None where they don't fit."""

    known: OrderedDict[int, tuple[str, dict[str, Head]] | None] = field(default_factory=OrderedDict)

    def over(
        self,
        session: Session,
        reader: Reader,
        workspaces: Collection[int],
        readers: Mapping[int, Reader],
    ) -> dict[int, Reader]:
        """The readers of workspaces that promoted heads, over what `readers` has for them.

        A version that was learned on another encoder, or whose row is damaged, reads nothing:
        the shipped heads do, and the page Model says to learn again.
        """
        wanted = (ModelVersion.state == "current") & ModelVersion.workspace_id.in_(workspaces)
        columns = select(ModelVersion.id, ModelVersion.workspace_id).where(wanted)
        current = {row.workspace_id: row.id for row in session.execute(columns)}
        self._load(session, reader, [id_ for id_ in current.values() if id_ not in self.known])
        found = {}
        for workspace_id, id_ in current.items():
            heads = self.known.get(id_)
            if heads is not None:
                self.known.move_to_end(id_)
                found[workspace_id] = readers.get(workspace_id, reader).with_heads(*heads)
        while len(self.known) > MOST:
            self.known.popitem(last=False)
        return found

    def _load(self, session: Session, reader: Reader, ids: Collection[int]) -> None:
        if not ids:
            return
        _, shipped = reader.parts()
        for version in session.scalars(select(ModelVersion).where(ModelVersion.id.in_(ids))):
            stored, on = version.heads or {}, version.weights
            try:
                heads = laid_over(shipped, stored, on, reader.info.weights)
                self.known[version.id] = version.name, heads
            except ArtefactError as error:
                log.warning("version_refused", version=version.id, reason=error.message)
                self.known[version.id] = None
