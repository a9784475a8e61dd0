"""The watched folders: files taken once they are whole, read, and put away with their report.

A sender writes under a name that isn't taken (ending in .part, say) and renames to .csv when the
file is whole; SFTP servers and clients do so by themselves, or can be told to. A rename into
`working` is how one worker takes it: of two, one succeeds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from feedback.files.rows import check
from feedback.files.run import Reading, go_on
from feedback.hooks.mapping import EventMapping
from feedback.imports.table import Table
from models.errors import WaymarkError
from models.intake import IntakeFile, IntakeSource
from models.job import Task
from models.workspace import Workspace

KIND = "files"
LOOK_EVERY = timedelta(seconds=10)
WORKING, DONE, FAILED = "working", "done", "failed"
LONGEST = timedelta(seconds=45)
"""How long one call reads on before it gives way to whoever waits for the worker."""
Now = Callable[[], datetime]
_COUNTS = ("rows", "accepted", "duplicates", "waiting", "rejected", "rejects_size")

log = structlog.get_logger(__name__)


def owed(session: Session, now: datetime) -> datetime | None:
    """Since when a file waits to be read on; else now, where a folder wasn't looked at of late."""
    begun = select(func.min(IntakeFile.started_at)).where(
        IntakeFile.state == "taken", IntakeFile.source.like("file:%")
    )
    if (since := session.scalar(begun)) is not None:
        return since
    if session.scalar(select(IntakeSource.id).where(_watched()).limit(1)) is None:
        return None
    looked_at = session.scalar(select(func.max(Task.finished_at)).where(Task.kind == KIND))
    return None if looked_at is not None and looked_at > now - LOOK_EVERY else now


def take_in(sessions: Callable[[], Session], root: Path | None, now: Now) -> int:
    """The same as `take_next`, in a session of its own."""
    with sessions() as session:
        return take_next(session, root, now)


def take_next(session: Session, root: Path | None, now: Now) -> int:
    """Read on in the oldest file, for some seconds; the rows read, 0 when nothing waits."""
    if root is None:
        return 0
    for source, workspace in _sources(session):
        folder = root / workspace.name / source.name
        _take(session, source, folder, now())
        for file in _under_way(session, source):
            path = Path(file.path)
            if path.exists():  # else it is on another machine
                return _read(session, source, file, folder, now)
    return 0


def _watched() -> ColumnElement[bool]:
    return (IntakeSource.kind == "folder") & IntakeSource.removed_at.is_(None)


def _sources(session: Session) -> list[tuple[IntakeSource, Workspace]]:
    wanted = select(IntakeSource, Workspace).join(
        Workspace, Workspace.id == IntakeSource.workspace_id
    )
    rows = session.execute(wanted.where(_watched()).order_by(IntakeSource.id))
    return [(source, workspace) for source, workspace in rows]


def _under_way(session: Session, source: IntakeSource) -> list[IntakeFile]:
    wanted = select(IntakeFile).where(
        IntakeFile.workspace_id == source.workspace_id,
        IntakeFile.source == event_source(source),
        IntakeFile.state == "taken",
    )
    return list(session.scalars(wanted.order_by(IntakeFile.id)))


def event_source(source: IntakeSource) -> str:
    """As the events of a folder's files are stored: ids of events are its own."""
    return f"file:{source.name}"


def _take(session: Session, source: IntakeSource, folder: Path, now: datetime) -> None:
    """Take the whole files of a folder; one that a dead worker took is taken up again."""
    if not folder.is_dir():
        return
    for name in (WORKING, DONE, FAILED):
        (folder / name).mkdir(exist_ok=True)
    stamp = now.strftime("%Y%m%dT%H%M%S")
    for path in sorted(folder.glob("*.csv")):
        # a dot begins what is on its way; a link could lead to what the sender may not read
        if path.name.startswith(".") or path.is_symlink() or not path.is_file():
            continue
        try:
            path.rename(_free(folder / WORKING, f"{stamp}-{path.name}"))
        except FileNotFoundError:
            continue
    known = {one.path for one in _under_way(session, source)}
    for path in sorted((folder / WORKING).glob("*.csv")):
        if str(path) not in known and not path.name.endswith(".rejected.csv"):
            session.add(begun(source.workspace_id, event_source(source), path, now))
            source.taken_at = now
    session.commit()


def _free(folder: Path, name: str) -> Path:
    """A name in the folder that nothing has yet."""
    stem, number, path = Path(name).stem, 1, folder / name
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.csv"
    return path


def begun(workspace_id: int, source: str, path: Path, now: datetime) -> IntakeFile:
    """The record of a file that is begun."""
    return IntakeFile(
        workspace_id=workspace_id,
        source=source,
        path=str(path),
        sha256=digest(path),
        state="taken",
        started_at=now,
        **dict.fromkeys(_COUNTS, 0),
    )


def digest(path: Path) -> str:
    """SHA-256 of a file, a piece at a time."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(session: Session, source: IntakeSource, file: IntakeFile, folder: Path, now: Now) -> int:
    path = Path(file.path)
    rejects = path.with_name(f"{path.name}.rejected.csv")
    rows = 0
    limit = now() + LONGEST
    try:
        mapping = None
        if source.mapping is not None:
            mapping = EventMapping.model_validate(source.mapping)
        table = Table(path, "utf-8-sig", ",")
        reading = Reading(table, check(table, mapping), rejects, now)
        for count in go_on(session, file, reading, lambda: now() > limit):
            rows += count
    except WaymarkError as error:
        session.rollback()
        _fail(session, file, error, folder, now())
        return rows or 1
    if file.state == "done":
        _put_away(file, folder / DONE)
        session.commit()
    return rows or 1


def _fail(
    session: Session, file: IntakeFile, error: WaymarkError, folder: Path, now: datetime
) -> None:
    """A file that is no CSV any further: what was read of it stays, the rest is told."""
    file.state, file.error, file.finished_at = "failed", str(error)[:500], now
    _put_away(file, folder / FAILED)
    Path(file.path).with_suffix(".error.txt").write_text(
        f"{error}\n{file.rows:,} rows were read before; the others were not.\n", encoding="utf-8"
    )
    session.commit()
    log.warning("intake_file_failed", file=file.id, rows=file.rows)


def _put_away(file: IntakeFile, folder: Path) -> None:
    for path in _parts(Path(file.path)):
        path.rename(folder / path.name)
    file.path = str(folder / Path(file.path).name)


def _parts(path: Path) -> Iterator[Path]:
    """The report first: what is left in `working` is taken up again."""
    report = path.with_name(f"{path.name}.rejected.csv")
    if report.exists():
        yield report
    if path.exists():
        yield path
