"""The pain-point report of a year at growing numbers of responses: data, API and page.

    python -m benchmarks.report [--sizes 10000,100000] [--postgres URL] [--turns 20]
    python -m benchmarks.report --made URL [URL ...]

Histories are written in bulk (benchmarks.report_history), counted by the worker's own code, and
asked for through the application's test client. p95 in milliseconds of so many turns, whole
year and with filters; the last size over the first beside it. With --made the histories are
those that `python -m benchmarks.report_history URL SIZE` made before, counted or not yet.
"Again" is while nothing has changed since: the web process remembers what it worked out.
"""

from __future__ import annotations

import argparse
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
from feedback.reporting.report import pain_point_report
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


def p95(turns: int, work_: Callable[[int], object]) -> float:
    """Milliseconds, after one turn that counts for nothing."""
    work_(0)
    took = []
    for turn in range(turns):
        began = time.perf_counter()
        work_(turn)
        took.append(1000 * (time.perf_counter() - began))
    return float(np.quantile(took, 0.95))


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


def measured(engine: Engine, app: Flask, turns: int) -> Row:
    """All figures of one history."""
    found: Row = {"count": counted(engine), "again": one_answer(engine)}
    with Session(engine) as session:
        key = workspaces.add_key(session, session.get_one(Workspace, 1), secrets.token_hex(4), END)
        session.commit()
    for name, filters in FILTERS.items():
        found[f"sums, {name}"] = p95(turns, lambda _, f=filters: _sums(engine, f))  # type: ignore[misc]
        found[f"report, {name}"] = p95(turns, lambda _, f=filters: _report(engine, f))  # type: ignore[misc]
    client, signed = app.test_client(), _signed_in(engine, app)
    headers = {"Authorization": f"Bearer {key}"}
    dates = f"from={YEAR[0]:%Y-%m-%d}&to={YEAR[1] - timedelta(days=1):%Y-%m-%d}"
    address = f"/api/v1/journeys/buying/pain-points?{dates}"
    for again in ("", " again"):
        found[f"API{again}"] = p95(turns, lambda _: _ok(client.get(address, headers=headers)))
        found[f"page{again}"] = p95(turns, lambda _: _ok(signed.get(f"/?journey=buying&{dates}")))
        with app.app_context():
            remember(db.engine)
    return found


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


def _report(engine: Engine, filters: Filters) -> None:
    with Session(engine) as session:
        pain_point_report(session, 1, END, "buying", YEAR, filters)


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


def figures(url: str, turns: int) -> Row:
    """All figures of the history in a database, as the web process would serve it."""
    with tempfile.TemporaryDirectory() as home:
        engine = make_engine(url)
        where = {"WAYMARK_HOME": str(Path(home)), "DATABASE_URL": url}
        served = {"SECRET_KEY": secrets.token_urlsafe(48), "PUBLIC_URL": "https://shop.example"}
        app = create_app(load({**where, **served}))
        found = measured(engine, app, turns)
        with app.app_context():
            db.engine.dispose()
        engine.dispose()
    return found


def run(server: str | None, sizes: Sequence[int], turns: int) -> None:
    """Print the table of one engine, of histories made for it."""
    found: dict[str, Row] = {}
    for size in sizes:
        with database(server) as url:
            report_history.make(make_engine(url), size)
            found[name_of(url)] = figures(url, turns)
    show(found)


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
        show({name_of(url): figures(url, given.turns) for url in given.made})
        return
    sizes = [int(size) for size in given.sizes.split(",")]
    for server in (None, given.postgres) if given.postgres else (None,):
        run(server, sizes, given.turns)


if __name__ == "__main__":
    main()
