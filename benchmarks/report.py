"""The pain-point report of a year at growing numbers of responses: data, API and page.

    python -m benchmarks.report [--sizes 10000,100000] [--postgres URL] [--turns 20]
    python -m benchmarks.report --made URL [URL ...]

Histories are written in bulk (benchmarks.report_history), counted by the worker's own code, and
asked for through the application's test client, all sizes in turns. p95 in milliseconds of so
many turns, whole year and with filters; the last size over the first beside it. With --made the
histories are those that `python -m benchmarks.report_history URL SIZE` made before, counted or
not yet.
"Again" is while nothing has changed since: the web process remembers what it worked out.
"""

from __future__ import annotations

import argparse
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
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
EMAIL, PASSWORD = "bench@shop.example", "a long enough password"
Row = dict[str, float]


def p95(turns: int, asked: Sequence[Callable[[], object]]) -> list[float]:
    """Milliseconds of each, asked in turns so that a slow minute is everybody's."""
    took: list[list[float]] = [[] for _ in asked]
    for turn in range(turns + 1):
        for one, times in zip(asked, took, strict=True):
            began = time.perf_counter()
            one()
            if turn:
                times.append(1000 * (time.perf_counter() - began))
    return [float(np.quantile(times, 0.95)) for times in took]


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


def measured(histories: Sequence[Served], turns: int) -> list[Row]:
    """All figures of the histories, each asked by all of them in turns."""
    rows: list[Row] = [{"count": counted(one.engine)} for one in histories]
    for row, one in zip(rows, histories, strict=True):
        row["again"] = one_answer(one.engine)

    def asked(name: str, ask: Callable[[Served], object]) -> None:
        found = p95(turns, [partial(ask, one) for one in histories])
        for row, figure in zip(rows, found, strict=True):
            row[name] = figure

    for name, filters in FILTERS.items():
        asked(f"sums, {name}", lambda one, f=filters: _sums(one.engine, f))  # type: ignore[misc]
    for name, filters in FILTERS.items():
        api, page = _addresses(filters)
        asked(f"API, {name}", lambda one, at=api: _api(one, at))  # type: ignore[misc]
        asked(f"page, {name}", lambda one, at=page: _ok(one.signed.get(at)))  # type: ignore[misc]
    for one in histories:
        with one.app.app_context():
            remember(db.engine)
    api, page = _addresses(Filters())
    asked("API again", lambda one: _api(one, api))
    asked("page again", lambda one: _ok(one.signed.get(page)))
    return rows


def _addresses(filters: Filters) -> tuple[str, str]:
    """The report's of the year, as the API and as the page."""
    ends = {"from": f"{YEAR[0]:%Y-%m-%d}", "to": f"{YEAR[1] - timedelta(days=1):%Y-%m-%d}"}
    given = {"channel": filters.channel, "segment": filters.segment}
    asked = urlencode({**ends, **{name: value for name, value in given.items() if value}})
    return f"/api/v1/journeys/buying/pain-points?{asked}", f"/?journey=buying&{asked}"


def _api(one: Served, address: str) -> None:
    _ok(one.anybody.get(address, headers=one.headers))


def _ok(answer: object) -> None:
    status = getattr(answer, "status_code", 0)
    if status != 200:
        raise SystemExit(f"answered {status}")


def _sums(engine: Engine, filters: Filters) -> None:
    with Session(engine) as session:
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
        histories = [stack.enter_context(served(url)) for url in urls]
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
        seconds = name in ("count", "again")
        words = {"count": "count all, s", "again": "count one change, s"}.get(name, f"{name}, ms")
        cells = " | ".join(f"{value:.1f}" if seconds else f"{value:.0f}" for value in row)
        print(f"| {words} | {cells} | {row[-1] / row[0]:.2f} |")
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
