"""The pain-point report of a year at growing numbers of responses: data, API and page.

    python -m benchmarks.report [--sizes 10000,100000] [--postgres URL] [--turns 20]
    python -m benchmarks.report --made URL [URL ...]

Histories are written in bulk (benchmarks.report_history), counted by the worker's own code, and
asked for through the application's test client, each in a process of its own, all sizes and
filters in turns. Median and p95 in milliseconds of so many turns, whole year and with filters; the
last size over the first beside it. With --made the histories are those that
`python -m benchmarks.report_history URL SIZE` made before, counted or not yet.
"Again" is while nothing has changed since: the web process remembers what it worked out.
A loop of plain Python and a sorting, asked beside them, tell how fast the machine was.
"""

from __future__ import annotations

import argparse
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from benchmarks import report_history
from benchmarks.report_rows import DAYS, END
from feedback import workspaces
from feedback.app import create_app
from feedback.cells import work
from feedback.cells.plan import plan_of
from feedback.processes.web import settle_memory
from feedback.reporting.cells import journey_sums
from feedback.reporting.scope import Filters, find_journey, find_scope
from feedback.reporting.worked import remember
from feedback.settings import load
from models.base import db
from models.engine import make_engine, parse_url
from models.response import Response
from models.workspace import Workspace
from surveys.expiry import expire_unanswered

SIZES = (10_000, 100_000)
TURNS = 20
YEAR = (END - timedelta(days=DAYS), END)
FILTERS = {
    "all": Filters(),
    "channel": Filters(channel="web"),
    "segment": Filters(segment="group3"),
    "both": Filters(channel="sms", segment="group5"),
}
IN_SECONDS = {"count": "count all, s", "change": "count one change, s"}
NUMBERS = np.random.default_rng(7).random(1_000_000)
EMAIL, PASSWORD = "bench@shop.example", "a long enough password"
Row = dict[str, tuple[float, ...]]
"""Seconds, or the median and the p95 of milliseconds, by what was asked."""


def counted(engine: Engine) -> float:
    """Seconds in which the worker counts the whole history; whoever is too late has expired."""
    with Session(engine, expire_on_commit=False) as session:
        while expire_unanswered(session, datetime.now(UTC)):
            pass
        began = time.perf_counter()
        while work.count_next(session, lambda: datetime.now(UTC)):
            pass
    return time.perf_counter() - began


def one_answer(engine: Engine) -> float:
    """Seconds in which the worker counts one changed response."""
    with Session(engine) as session:
        row = session.get_one(Response, 1)
        row.channel = "web" if row.channel == "sms" else "sms"
        session.commit()
    return counted(engine)


@dataclass(frozen=True)
class Served:
    """A history, and the application over it."""

    engine: Engine
    app: Flask
    headers: dict[str, str]
    anybody: FlaskClient
    signed: FlaskClient


def questions() -> dict[str, Callable[[Served], object]]:
    """What is asked of a history, by name; the last two once a report is remembered."""
    found: dict[str, Callable[[Served], object]] = {
        "a loop of a million": lambda _: sum(one * one for one in range(1_000_000)),
        "sorting a million": lambda _: np.argsort(NUMBERS),
    }
    for name, filters in FILTERS.items():
        found[f"sums, {name}"] = partial(_sums, filters=filters)
    for name, filters in FILTERS.items():
        api, page = _addresses(filters)
        found[f"API, {name}"] = partial(_api, address=api)
        found[f"page, {name}"] = partial(_page, address=page)
    api, page = _addresses(Filters())
    return {
        **found,
        "remember": _remember,
        "API again": partial(_api, address=api),
        "page again": partial(_page, address=page),
    }


def answer(url: str, pipe: Connection) -> None:
    """The process of a history: milliseconds of each thing it is asked for by name."""
    settle_memory()
    ask: dict[str, Callable[[Served], object]] = {
        "count": lambda one: counted(one.engine),
        "change": lambda one: one_answer(one.engine),
        **questions(),
    }
    with served(url) as one, suppress(EOFError):
        while name := pipe.recv():
            began = time.perf_counter()
            ask[name](one)
            pipe.send(1000 * (time.perf_counter() - began))


@contextmanager
def asked(url: str) -> Iterator[Callable[[str], float]]:
    """A history in a process of its own, as a company's web process has one alone."""
    ours, its = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=answer, args=(url, its))
    process.start()
    its.close()

    def ask(name: str) -> float:
        ours.send(name)
        return float(ours.recv())

    try:
        yield ask
    finally:
        ours.close()
        process.join()


def measured(histories: Sequence[Callable[[str], float]], turns: int) -> list[Row]:
    """All figures of the histories, asked in turns so that a slow minute is everybody's."""
    rows: list[Row] = [
        {words: (ask(name) / 1000,) for name, words in IN_SECONDS.items()} for ask in histories
    ]
    *worked_out, remember, again, page = questions()
    _ask(histories, rows, worked_out, turns)
    for ask in histories:
        ask(remember)
    _ask(histories, rows, (again, page), turns)
    return rows


def _ask(
    histories: Sequence[Callable[[str], float]],
    rows: Sequence[Row],
    names: Sequence[str],
    turns: int,
) -> None:
    """Ask everything of every history so often and once more, one filter after the other."""
    rounds = [[[ask(name) for ask in histories] for name in names] for _ in range(turns + 1)]
    for name, median, late in zip(
        names, *np.quantile(rounds[1:], (0.5, 0.95), axis=0), strict=True
    ):
        for row, *figures in zip(rows, median, late, strict=True):
            row[f"{name}, ms"] = tuple(map(float, figures))


def _addresses(filters: Filters) -> tuple[str, str]:
    """The report's of the year, as the API and as the page."""
    ends = {"from": f"{YEAR[0]:%Y-%m-%d}", "to": f"{YEAR[1] - timedelta(days=1):%Y-%m-%d}"}
    given = {"channel": filters.channel, "segment": filters.segment}
    asked = urlencode({**ends, **{name: value for name, value in given.items() if value}})
    return f"/api/v1/journeys/buying/pain-points?{asked}", f"/?journey=buying&{asked}"


def _api(one: Served, address: str) -> None:
    _ok(one.anybody.get(address, headers=one.headers))


def _page(one: Served, address: str) -> None:
    _ok(one.signed.get(address))


def _remember(one: Served) -> None:
    with one.app.app_context():
        remember(db.engine)


def _ok(answer: object) -> None:
    status = getattr(answer, "status_code", 0)
    if status != 200:
        raise SystemExit(f"answered {status}")


def _sums(one: Served, filters: Filters) -> None:
    with Session(one.engine) as session:
        journey = find_journey(session, 1, "buying")
        scope = find_scope(session, journey, YEAR, filters, END)
        if plan_of(session, scope) is None:
            raise SystemExit("read from rows: the statistics are not counted")
        journey_sums(session, scope)


def _signed_in(engine: Engine, app: Flask) -> FlaskClient:
    with Session(engine) as session:
        workspace = session.get_one(Workspace, 1)
        workspaces.set_user(session, workspace, EMAIL, PASSWORD, END)
        session.commit()
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD, "csrf_token": token})
    return client


@contextmanager
def database(server: str | None) -> Iterator[str]:
    """The URL of an empty database: on a PostgreSQL server, or a file."""
    if server is None:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/report.db"
        return
    name = f"waymark_bench_{secrets.token_hex(4)}"
    admin = create_engine(parse_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield parse_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def served(url: str) -> Iterator[Served]:
    """The history in a database, as the web process would serve it."""
    with tempfile.TemporaryDirectory() as home:
        engine = make_engine(url)
        where = {"WAYMARK_HOME": str(Path(home)), "DATABASE_URL": url}
        secret = {"SECRET_KEY": secrets.token_urlsafe(48), "PUBLIC_URL": "https://shop.example"}
        app = create_app(load({**where, **secret}))
        with Session(engine) as session:
            workspace = session.get_one(Workspace, 1)
            key = workspaces.add_key(session, workspace, secrets.token_hex(4), END)
            session.commit()
        headers = {"Authorization": f"Bearer {key}"}
        yield Served(engine, app, headers, app.test_client(), _signed_in(engine, app))
        with app.app_context():
            db.engine.dispose()
        engine.dispose()


def figures(urls: Sequence[str], turns: int) -> dict[str, Row]:
    """All figures of the histories in these databases."""
    with ExitStack() as stack:
        histories = [stack.enter_context(asked(url)) for url in urls]
        rows = measured(histories, turns)
    return dict(zip(map(name_of, urls), rows, strict=True))


def run(server: str | None, sizes: Sequence[int], turns: int) -> None:
    """Print the table of one engine, of histories made for it."""
    with ExitStack() as stack:
        urls = [stack.enter_context(database(server)) for _ in sizes]
        for url, size in zip(urls, sizes, strict=True):
            report_history.make(make_engine(url), size)
        show(figures(urls, turns))


def show(found: dict[str, Row]) -> None:
    """Print a table: a column a history."""
    names = list(found)
    print(f"| | {' | '.join(names)} | last / first |\n|---|{'---:|' * (len(names) + 1)}")
    for name in found[names[0]]:
        row = [found[history][name] for history in names]
        digits = 1 if name in IN_SECONDS.values() else 0
        cells = [" / ".join(f"{one:.{digits}f}" for one in figures) for figures in row]
        grown = [f"{last / first:.2f}" for first, last in zip(row[0], row[-1], strict=True)]
        print(f"| {name} | {' | '.join(cells)} | {' / '.join(grown)} |")
    print(flush=True)


def name_of(url: str) -> str:
    """A history's engine and size, as the head of its column."""
    engine = make_engine(url)
    with engine.connect() as connection:
        size = int(connection.scalar(text("SELECT count(*) FROM responses")) or 0)
    return f"{'PostgreSQL' if engine.dialect.name == 'postgresql' else 'SQLite'} {size:,}"


def main() -> None:
    """Run on SQLite, and on PostgreSQL where there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--postgres", help="the URL of a PostgreSQL server")
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--made", nargs="*", help="URLs of histories made before")
    given = parser.parse_args()
    settle_memory()
    if given.made:
        show(figures(given.made, given.turns))
        return
    sizes = [int(size) for size in given.sizes.split(",")]
    for server in (None, given.postgres) if given.postgres else (None,):
        run(server, sizes, given.turns)


if __name__ == "__main__":
    main()
