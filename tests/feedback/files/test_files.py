from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import refusals
from feedback.commands.import_events import command
from feedback.files import inbox, run
from feedback.files.inbox import begun, owed, take_next
from feedback.files.rows import check
from feedback.files.run import Reading, go_on
from feedback.hooks import sources, waiting
from feedback.hooks.mapping import parse
from feedback.imports.table import Table
from feedback.jobs import tasks
from models.customer import Customer
from models.errors import InvalidInput
from models.event import Event
from models.intake import IntakeFile, IntakeSource
from models.job import Task
from models.workspace import Workspace

HEADER = "id,event,occurred_at,customer_id,phone,total,attribute.tier\n"
GOOD = "e{0},ordered,2026-11-18T10:00:00Z,c{0},+4477009{0:05},19.5,gold\n"
BAD = "e{0},ordered,yesterday,c{0},,,\n"


def written(path: Path, rows: int, bad: Callable[[int], bool] = lambda _: False) -> Path:
    lines = [(BAD if bad(n) else GOOD).format(n) for n in range(rows)]
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


def read(
    session: Session, workspace: Workspace, path: Path, now: datetime, text: str | None = None
) -> tuple[IntakeFile, Reading]:
    table = Table(path, "utf-8-sig", ",")
    reader = check(table, parse(text, "m.yaml") if text else None)
    file = begun(workspace.id, "csv:test", path, now)
    session.add(file)
    session.commit()
    rejects = path.with_name("bad.csv")
    return file, Reading(table, reader, rejects, lambda: now)


def rejected(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def stored(session: Session) -> int:
    return session.scalar(select(func.count(Event.id))) or 0


def test_a_row_is_an_event(
    session: Session, workspace: Workspace, tmp_path: Path, now: datetime
) -> None:
    file, reading = read(session, workspace, written(tmp_path / "e.csv", 1), now)
    assert list(go_on(session, file, reading, lambda: False)) == [1]
    event, customer = session.scalars(select(Event)).one(), session.scalars(select(Customer)).one()
    assert (event.external_id, event.source, event.name) == ("e0", "csv:test", "ordered")
    assert event.properties == {"total": 19.5}
    assert event.occurred_at.isoformat() == "2026-11-18T10:00:00+00:00"
    assert (customer.phone, customer.attributes) == ("+447700900000", {"tier": "gold"})
    assert (file.state, file.rows, file.accepted) == ("done", 1, 1)


def test_bad_rows_are_told_and_cost_no_good_one(
    session: Session, workspace: Workspace, tmp_path: Path, now: datetime
) -> None:
    path = written(tmp_path / "e.csv", 1200, lambda n: n % 10 == 3)
    with path.open("a", encoding="utf-8") as out:
        out.write('"q\n1",ordered,,c,,,\nshort,row\ne5,ordered,,c5,,,\nx,,,c,,,\n')
    file, reading = read(session, workspace, path, now)
    assert sum(go_on(session, file, reading, lambda: False)) == 1204
    assert (file.accepted, file.duplicates, file.rejected) == (1081, 1, 122)
    assert stored(session) == 1081
    bad = rejected(reading.rejects)
    assert len(bad) == 122
    assert bad[0] == {
        "line": "5",
        "field": "occurred_at",
        "problem": "is no time",
        "mend": "Write it as 2026-01-31T09:30:00Z.",
        "id": "e3",
        "event": "ordered",
        "occurred_at": "yesterday",
        "customer_id": "c3",
        "phone": "",
        "total": "",
        "attribute.tier": "",
    }
    assert [(one["line"], one["field"]) for one in bad[-2:]] == [("1204", "row"), ("1206", "event")]
    assert len(refusals.latest(session, workspace.id)) == run.TOLD


def test_stopped_anywhere_it_goes_on_and_nothing_counts_twice(
    session: Session, workspace: Workspace, tmp_path: Path, now: datetime
) -> None:
    path = written(tmp_path / "e.csv", 1300, lambda n: n % 100 == 99)
    file, reading = read(session, workspace, path, now)
    next(go_on(session, file, reading, lambda: False))
    # killed after the report was written, before the batch was committed
    with reading.rejects.open("a", encoding="utf-8") as out:
        out.write("600,occurred_at,half a li")
    session.rollback()
    again = session.get(IntakeFile, file.id)
    assert again is not None and (again.rows, again.state) == (500, "taken")
    list(go_on(session, again, reading, lambda: False))
    assert (again.rows, again.accepted, again.duplicates, again.rejected) == (1300, 1287, 0, 13)
    assert [one["line"] for one in rejected(reading.rejects)] == [
        str(n * 100 + 101) for n in range(13)
    ]
    assert stored(session) == 1287


def test_rows_without_an_id_count_once(
    session: Session, workspace: Workspace, tmp_path: Path, now: datetime
) -> None:
    path = tmp_path / "e.csv"
    path.write_text("event,customer_id,n\nx,c,1\nx,c,2\nx,c,1\n", encoding="utf-8")
    for _ in range(2):
        file, reading = read(session, workspace, path, now)
        list(go_on(session, file, reading, lambda: False))
    assert stored(session) == 2 and file.duplicates == 3


def test_a_mapping_reads_other_columns(
    session: Session, workspace: Workspace, tmp_path: Path, now: datetime
) -> None:
    path = tmp_path / "e.csv"
    path.write_text("Kind,Nr,Guest,Day\nvisit,7,g,2026-11-01\nsong,8,g,\n", encoding="utf-8")
    text = """
    events:
      - when: body.Kind == 'visit'
        event: visited
        id: key('visit', body.Nr)
        occurred_at: join('', [body.Day, 'T12:00:00Z'])
        customer: {id: body.Guest}
    """
    file, reading = read(session, workspace, path, now, text)
    list(go_on(session, file, reading, lambda: False))
    assert session.scalars(select(Event.external_id)).all() == ["visit:7"]
    assert [one["problem"] for one in rejected(reading.rejects)] == [
        "no rule of the mapping is about this row"
    ]


# -- the watched folder ---------------------------------------------------------------------------


@pytest.fixture
def source(session: Session, workspace: Workspace, now: datetime) -> IntakeSource:
    made = sources.add(session, workspace, "folder", "nightly", None, "k" * 40, now).source
    session.commit()
    return made


@pytest.fixture
def folder(tmp_path: Path, source: IntakeSource) -> Path:
    made = tmp_path / "shop" / "nightly"
    made.mkdir(parents=True)
    return made


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_whole_file_is_taken_and_put_away_with_its_report(
    session: Session, folder: Path, tmp_path: Path, now: datetime
) -> None:
    written(folder / "a.csv.part", 3)
    written(folder / ".b.csv", 3)
    assert take_next(session, tmp_path, lambda: now) == 0
    (folder / "a.csv.part").rename(folder / "a.csv")
    written(folder / "c.csv", 4, lambda n: n == 1)
    (folder / "link.csv").symlink_to("/etc/passwd")
    done = [take_next(session, tmp_path, lambda: now) for _ in range(3)]
    assert done == [3, 4, 0]
    stamp = "done/20261118T120000"
    assert names(folder) == [
        ".b.csv",
        f"{stamp}-a.csv",
        f"{stamp}-c.csv",
        f"{stamp}-c.csv.rejected.csv",
        "link.csv",
    ]
    assert stored(session) == 4  # two ids of the second file are known from the first


def test_two_files_of_one_name_are_both_kept(
    session: Session, folder: Path, tmp_path: Path, now: datetime
) -> None:
    for rows in (1, 2):
        written(folder / "a.csv", rows)
        inbox._take(session, session.scalars(select(IntakeSource)).one(), folder, now)
    assert [take_next(session, tmp_path, lambda: now) for _ in range(3)] == [1, 2, 0]
    assert len(names(folder)) == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "nothing: the file is empty"),
        (b"event,who\n", "has no column customer_id"),
        (b"event,customer_id\nx,c\nx,\xff\n", "is not utf-8-sig"),
    ],
)
def test_a_file_that_cannot_be_read_is_put_aside_with_the_reason(
    session: Session, folder: Path, tmp_path: Path, now: datetime, body: bytes, words: str
) -> None:
    (folder / "a.csv").write_bytes(body)
    assert take_next(session, tmp_path, lambda: now) == 1
    assert take_next(session, tmp_path, lambda: now) == 0
    stamp = "failed/20261118T120000"
    assert names(folder) == [f"{stamp}-a.csv", f"{stamp}-a.error.txt"]
    assert words in (folder / f"{stamp}-a.error.txt").read_text()
    assert session.scalars(select(IntakeFile.state)).all() == ["failed"]


def test_what_a_dead_worker_took_is_taken_up_again(
    session: Session, folder: Path, tmp_path: Path, now: datetime
) -> None:
    (folder / "working").mkdir()
    written(folder / "working" / "20261118T110000-a.csv", 2)
    assert take_next(session, tmp_path, lambda: now) == 2
    assert names(folder) == ["done/20261118T110000-a.csv"]


def test_the_clock_looks_every_few_seconds_where_a_folder_is_watched(
    session: Session, workspace: Workspace, tmp_path: Path, now: datetime
) -> None:
    assert owed(session, now) is None
    sources.add(session, workspace, "folder", "nightly", None, "k" * 40, now)
    session.commit()
    assert owed(session, now) == now
    tasks.hand_out(session, inbox.KIND, now, now)
    session.commit()
    task = tasks.claim(session, [inbox.KIND], "w", now)
    assert task is not None
    tasks.settle(session, task, "w", 0, now)
    assert owed(session, now + timedelta(seconds=9)) is None
    assert owed(session, now + timedelta(seconds=11)) == now + timedelta(seconds=11)
    session.add(begun(workspace.id, "file:nightly", written(tmp_path / "a.csv", 1), now))
    session.commit()
    assert owed(session, now + timedelta(seconds=1)) == now
    assert session.scalar(select(func.count(Task.id))) == 1


def test_without_a_folder_nothing_is_read(session: Session, folder: Path, now: datetime) -> None:
    written(folder / "a.csv", 1)
    assert take_next(session, None, lambda: now) == 0
    assert names(folder) == ["a.csv"]


# -- by hand --------------------------------------------------------------------------------------


def test_the_command_counts_and_adds_nothing_again(
    session: Session,
    workspace: Workspace,
    tmp_path: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environ = {"DATABASE_URL": database_url, "SECRET_KEY": "k" * 40}
    for name, value in {**environ, "PUBLIC_URL": "http://127.0.0.1"}.items():
        monkeypatch.setenv(name, value)
    path = written(tmp_path / "e.csv", 600, lambda n: n == 7)
    said: Any = CliRunner().invoke(command, [str(path), "--workspace", "shop"])
    assert "600 rows: 599 events added, 0 known already, 1 rejected" in said.output
    assert rejected(tmp_path / "e.csv.rejected.csv")[0]["line"] == "9"
    again: Any = CliRunner().invoke(command, [str(path), "--workspace", "shop"])
    assert "600 rows: 0 events added, 599 known already, 1 rejected" in again.output
    path.write_text("event,who\n")
    wrong = CliRunner().invoke(command, [str(path), "--workspace", "shop"])
    assert isinstance(wrong.exception, InvalidInput)


EARLY = """
events:
  - event_from: body.what
    id: body.id
    customer: {same_as: body.of, id: body.who}
"""


def test_a_row_that_comes_before_the_one_it_speaks_of_waits(
    session: Session, workspace: Workspace, tmp_path: Path, now: datetime
) -> None:
    path = tmp_path / "e.csv"
    path.write_text("what,id,of,who\nb,2,1,\nc,3,9,\na,1,,ada\n", encoding="utf-8")
    file, reading = read(session, workspace, path, now, EARLY)
    list(go_on(session, file, reading, lambda: False))
    assert (file.rows, file.accepted, file.waiting, file.rejected) == (3, 2, 1, 0)
    (waits,) = waiting.newest(session, workspace.id, 10)
    assert (waits.external_id, waits.waits_for) == ("3", "9")
    assert set(session.scalars(select(Event.external_id))) == {"1", "2"}
