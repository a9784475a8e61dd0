"""Nothing is held but a page: by a source that counts what was asked of it."""

from __future__ import annotations

import gc
import io
import weakref
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from export_rows import Shop
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.exports.columns import Row, Table, number, text, time, whole
from feedback.exports.formats import FORMATS, chunks
from feedback.exports.keyset import paged
from feedback.exports.parquet_writer import GROUP
from feedback.exports.saving import counted, save
from feedback.exports.written import clean, defused, written
from feedback.exports.xlsx_cells import letters
from feedback.exports.xlsx_writer import xlsx_chunks
from models.errors import InvalidInput
from models.response import Response
from models.workspace import Workspace

AT = datetime(2026, 7, 1, tzinfo=UTC)
COLUMNS = (whole("id", ""), text("said", ""), number("score", ""), time("at", ""))
ZONE = ZoneInfo("Europe/London")
PAGE = 1000


class _Page(list[Row]):
    """A page that can be watched: a plain list has no weak references."""


class Source:
    """Pages made when they are asked for; knows how many of them are still held."""

    def __init__(self, pages: int, rows: int = PAGE) -> None:
        self.pages, self.rows, self.made, self.closed = pages, rows, 0, False
        self.held: list[weakref.ref[_Page]] = []
        self.most = 0

    def __iter__(self) -> Iterator[_Page]:
        try:
            while self.made < self.pages:
                self.made += 1
                page = _Page((n, f"words {n}", 0.5, AT) for n in range(self.rows))
                self.held.append(weakref.ref(page))
                alive = sum(one() is not None for one in self.held)
                self.most = max(self.most, alive)
                yield page
                del page
        finally:
            self.closed = True


@pytest.mark.parametrize("format_", FORMATS)
def test_no_more_than_a_page_is_held(format_: str) -> None:
    source = Source(30)
    sizes = [len(chunk) for chunk in chunks(Table("t", COLUMNS, source), format_, ZONE)]
    gc.collect()
    assert source.made == 30 and source.most <= 2  # the one being read, the one before
    assert max(sizes) < 20 * PAGE * 60


@pytest.mark.parametrize("format_", FORMATS)
def test_pages_are_read_as_the_file_is_taken(format_: str) -> None:
    source = Source(60)
    stream = chunks(Table("t", COLUMNS, source), format_, ZONE)
    next(stream)
    assert source.made <= 1
    next(stream)
    assert source.made <= GROUP // PAGE + 1


@pytest.mark.parametrize("format_", FORMATS)
def test_a_broken_connection_stops_the_reading(format_: str) -> None:
    source = Source(1000)
    stream = chunks(Table("t", COLUMNS, source), format_, ZONE)
    for _ in range(3):
        next(stream)
    stream.close()  # type: ignore[attr-defined]
    gc.collect()
    assert source.closed and source.made < 100


def test_past_a_sheet_s_rows_excel_goes_on_in_another() -> None:
    stream = xlsx_chunks(Table("t", COLUMNS, Source(5, rows=7)), ZONE, rows=11)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(stream)))
    assert book.sheetnames == ["t", "t 2", "t 3", "t 4", "About"]
    sheets = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets[:4]]
    assert [len(sheet) for sheet in sheets] == [11, 11, 11, 6]
    assert all(sheet[0] == ("id", "said", "score", "at") for sheet in sheets)
    assert [row[0] for sheet in sheets for row in sheet[1:]] == [*range(7)] * 5
    said = [row[0] for row in book["About"].iter_rows(values_only=True)]
    assert "t: 35 rows." in said and any("go on in “t 2”, “t 3”, “t 4”" in str(one) for one in said)


def test_a_large_sheet_goes_on_in_another_too() -> None:
    stream = xlsx_chunks(Table("t", COLUMNS, Source(4, rows=10)), ZONE, most=2000)
    assert len(openpyxl.load_workbook(io.BytesIO(b"".join(stream))).sheetnames) > 2


def test_columns_have_excel_s_names() -> None:
    assert [letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


class Sessions:
    """Opens sessions and remembers which are open."""

    def __init__(self, session: Session) -> None:
        self.engine, self.opened = session.get_bind(), 0
        self.open: set[Session] = set()

    def __call__(self) -> Session:
        made = Session(self.engine)
        self.opened += 1
        self.open.add(made)
        close = made.close

        def closed() -> None:
            self.open.discard(made)
            close()

        made.close = closed  # type: ignore[method-assign]
        return made


@pytest.mark.parametrize("window", [1, 3, 100])
def test_every_row_comes_once_and_nothing_stays_open_between_pages(
    session: Session, make_workspace: Callable[..., Workspace], window: int
) -> None:
    shop = Shop(session, make_workspace(session))
    ids = [shop.response({}).id for _ in range(11)]
    session.commit()
    session.delete(session.get_one(Response, ids[4]))
    session.commit()
    sessions, found = Sessions(session), []
    statement = select(Response.id, Response.source)
    for page in paged(
        sessions, statement, Response.id, lambda _, rows: [(row.id,) for row in rows], 2, window
    ):
        assert not sessions.open and 1 <= len(page) <= 2
        found += [row[0] for row in page]
    assert found == [one for one in ids if one != ids[4]]


def test_others_write_while_an_export_is_half_way(
    sqlite_session: Session, make_workspace: Callable[..., Workspace]
) -> None:
    shop = Shop(sqlite_session, make_workspace(sqlite_session))
    for _ in range(5):
        shop.response({})
    sqlite_session.commit()
    make = partial(Session, sqlite_session.get_bind())
    half_way = paged(make, select(Response.id), Response.id, lambda _, rows: list(rows), 2)
    next(half_way)
    added = shop.response({}).id
    sqlite_session.commit()
    rest = [row.id for page in half_way for row in page]  # type: ignore[attr-defined]
    assert len(rest) == 3 and added not in rest


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        save(breaking(), tmp_path / "out.csv")
    assert not list(tmp_path.iterdir())
    with pytest.raises(InvalidInput, match="--out"):
        save([b"x"], tmp_path / "nowhere" / "out.csv")
    save([b"a", b"b"], tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b"ab"


def test_progress_counts_rows() -> None:
    seen: list[int] = []
    list(counted(Table("t", COLUMNS, Source(3, rows=5)), seen.append).pages)
    assert seen == [5, 10, 15]


@pytest.mark.parametrize(
    ("cell", "text_"),
    [
        ("=1", "'=1"),
        ("-5", "-5"),
        ("+44 7", "'+44 7"),
        ("a=1", "a=1"),
        (-1e-9, "-1e-09"),
        (True, "yes"),
        (None, ""),
        (AT + timedelta(0.5), "2026-07-01T12:00:00+00:00"),
    ],
)
def test_the_door_to_spreadsheets(cell: object, text_: str) -> None:
    assert written(cell) == text_  # type: ignore[arg-type]


def test_what_cannot_be_written_is_replaced() -> None:
    assert clean("a\x00\ud800\uffffb\tc\n") == "a\ufffd\ufffd\ufffdb\tc\n"
    assert defused(clean("\x00=1")) == "\ufffd=1"
