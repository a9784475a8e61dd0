"""What the jobs of a worker work with."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback import reading
from feedback.adapting.promoted import Promoted
from feedback.alerts.deliver import Sender
from feedback.alerts.ways import Ways
from feedback.themes.finding import Finding
from feedback.themes.rows import Version
from nlp.reader import Reader
from surveys.services import Services


@dataclass
class Bench:
    """What the jobs work with; the reader is loaded when the first comment waits.

    So many `sending_threads` hand messages to the provider at once.
    """

    engine: Engine
    services: Services
    artefact: Path | None = None
    sending_threads: int = 1
    intake_folder: Path | None = None
    finding: Finding = field(default_factory=Finding)
    promoted: Promoted = field(default_factory=Promoted)
    sender: Sender = field(default_factory=lambda: Sender(Ways()))
    _loading: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _reader: Reader | None = field(default=None, init=False, repr=False)

    @property
    def reader(self) -> Reader:
        """The understanding of comments, loaded once though two lanes ask for it at once."""
        with self._loading:
            if self._reader is None:
                self._reader = Reader.load(self.artefact)
            return self._reader

    def beside(self, session: Session, versions: Collection[Version]) -> Reader:
        """The reader that finds a workspace's own themes too."""
        return self.finding.beside(session, self.reader, versions)

    def over(
        self, session: Session, workspaces: Collection[int], readers: Mapping[int, reading.Reads]
    ) -> Mapping[int, Reader]:
        """The readers of workspaces whose own heads were promoted, over those they have."""
        own = {id_: one for id_, one in readers.items() if isinstance(one, Reader)}
        return self.promoted.over(session, self.reader, workspaces, own)

    def session(self) -> Session:
        """A new session; what it loaded stays usable after a commit."""
        return Session(self.engine, expire_on_commit=False)
