"""Eligibility: pure decisions a second, and what deciding costs beside what waits.

The floor of a pure decision is one function that asks the same of the same facts by plain ifs
and says only yes or no; both by the process's own time, as other work runs beside. The floor
of a decision on rows is what can't be left out: the same claim, a decision written for each
without looking at anything, and the same update. A round decides on 200 web invitations that
are due, each of another customer who was asked before; beside them so many wait for later, one
a customer. In turns, on PostgreSQL.

    python -m benchmarks.eligibility [--postgres URL] [--waiting 10000 1000000] [--rounds 15]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time as clock
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert, text, update
from sqlalchemy.orm import Session

from benchmarks.serving import Place, database
from feedback.reporting.not_asked import not_asked
from models import migrate
from models.engine import make_engine
from models.invitation import Decision, Invitation
from surveys import firing
from surveys.eligibility import Consent, Facts, decide
from surveys.eligibility_facts import Cap, Quota, Sample
from surveys.quiet import Holiday, Quiet
from surveys.rests import After, Of, Rest
from surveys.schedule import QuietHours
from surveys.services import Services

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DUE = 200
PURE = 50_000


def cases() -> dict[str, tuple[Facts, datetime]]:
    """Facts with every kind of rule in them, and the decisions that they come to."""
    whole = Facts(
        channel="sms",
        due_at=NOW,
        expires_at=NOW + 7 * DAY,
        consent=Consent.GRANTED,
        sample=Sample(0.5, 0.2),
        caps=(Cap(Of.SURVEY, 2, 0), Cap(Of.ALL, 6, 2)),
        quotas=(Quota("gold", 200, 3),),
        rests=(
            Rest(Of.SURVEY, After.INVITATION, 90, NOW - 100 * DAY),
            Rest(Of.ALL, After.INVITATION, 30, NOW - 40 * DAY),
            Rest(Of.ALL, After.ANSWER, 60, NOW - 90 * DAY, waits=True),
        ),
        quiet=Quiet(
            QuietHours(time(20), time(9)), (6,), (Holiday(date(2026, 11, 20), "a day off"),)
        ),
        zones=("Europe/London",),
        zone_source="phone number",
    )
    recent = replace(whole.rests[1], began=NOW - 3 * DAY)
    bare = Facts("web", NOW, NOW + 7 * DAY)
    return {
        "asked, no rule set": (bare, NOW),
        "asked, every rule set": (whole, NOW),
        "refused: quarantine": (replace(whole, rests=(whole.rests[0], recent)), NOW),
        "waits: quiet hours": (whole, NOW + timedelta(hours=10)),
    }


def floor(facts: Facts, now: datetime) -> bool:
    """The same questions by plain ifs; yes or no."""
    if facts.customer_erased or facts.consent is Consent.WITHDRAWN or not facts.survey_enabled:
        return False
    if facts.consent_required and facts.consent is not Consent.GRANTED:
        return False
    if not facts.trigger_enabled or now >= facts.expires_at or facts.already_answered:
        return False
    if facts.excluded or not facts.has_address or facts.unreachable or now < facts.due_at:
        return False
    if facts.sample and facts.sample.draw >= facts.sample.share:
        return False
    if any(cap.asked >= cap.most for cap in facts.caps):
        return False
    if any(quota.had >= quota.most for quota in facts.quotas):
        return False
    for rest in facts.rests:
        if rest.began and now < rest.began + timedelta(days=rest.days):
            return False
    return facts.rival is None and not _quiet(facts, now)


def _quiet(facts: Facts, now: datetime) -> bool:
    quiet = facts.quiet
    if quiet is None:
        return False
    for zone in facts.zones:
        local = now.astimezone(ZoneInfo(zone))
        if any(one.day == local.date() for one in quiet.holidays) or local.weekday() in quiet.days:
            return True
        if quiet.hours and (local.time() >= quiet.hours.start or local.time() < quiet.hours.end):
            return True
    return False


def pure(rounds: int) -> None:
    """Print the table of pure decisions."""
    heads = ("decision", "plain ifs /s", "Waymark /s", "share of plain ifs")
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for name, (facts, at) in cases().items():
        found: dict[str, list[float]] = {"floor": [], "ours": []}
        for _ in range(rounds):
            found["floor"].append(_rate(floor, facts, at))
            found["ours"].append(_rate(decide, facts, at))
        told = statistics.median(found["floor"]), statistics.median(found["ours"])
        print(f"| {name} | {told[0]:,.0f} | {told[1]:,.0f} | {told[1] / told[0]:.2f} |", flush=True)


def _rate(call: Callable[[Facts, datetime], object], facts: Facts, at: datetime) -> float:
    began = clock.process_time()
    for _ in range(PURE):
        call(facts, at)
    return PURE / (clock.process_time() - began)


_SHOP = """
INSERT INTO workspaces (id, name, company, default_region, default_locale, timezone, accent,
  quarantine_days, smart_encoding, created_at, contact_rules)
VALUES
  (1, 'bench', 'Bench', 'GB', 'en', 'Europe/London', '#000000', 30, false, :now,
  '{"yearly_cap": 12, "quiet_hours": {"start": "20:00:00", "end": "09:00:00"}}');
INSERT INTO surveys (id, workspace_id, key, name, enabled, quarantine_days, worth, created_at)
VALUES (1, 1, 'nps', 'NPS', true, 90, 50, :now), (2, 1, 'csat', 'CSAT', true, 30, 20, :now);
INSERT INTO survey_versions (id, workspace_id, survey_id, number, definition, content_hash,
  published_at) VALUES (1, 1, 1, 1, '{}', 'x', :now), (2, 1, 2, 1, '{}', 'x', :now);
INSERT INTO triggers (id, workspace_id, key, event_name, survey_id, channel, delay_seconds,
  expires_seconds, enabled, created_at) VALUES (1, 1, 't', 'e', 2, 'web', 0, 600, true, :now);
"""
_CUSTOMERS = """
INSERT INTO customers (id, workspace_id, external_id, phone, attributes, is_test, created_at,
  updated_at) SELECT n, 1, 'c' || n, '+4477' || lpad(n::text, 8, '0'), '{"tier": "gold"}', false,
  :now, :now FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) n
"""
_INVITATIONS = """
INSERT INTO invitations (workspace_id, customer_id, survey_id, version_id, trigger_id, channel,
  token, status, due_at, expires_at, sent_at, rule, status_at, created_at)
SELECT 1, n, :survey, :survey, 1, 'web', :mark || n, :status,
  :due + (n % 86400) * interval '1 second', :due + interval '30 days', :sent, :rule,
  :now - (n % 2592000) * interval '1 second', :now
FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) n
"""
_STEP = 500_000


def _fill(engine: Engine, statement: str, many: int, **values: Any) -> None:
    for first in range(1, many + 1, _STEP):
        span = {"first": first, "last": min(first + _STEP - 1, many), "now": NOW}
        with engine.begin() as connection:
            connection.execute(text(statement), {**span, **values})


def _world(engine: Engine, waiting: int, refused: int) -> None:
    """A shop, so many customers with an invitation that waits, and so many refusals."""
    migrate.upgrade(engine)
    with engine.begin() as connection:
        for part in _SHOP.strip().split(";\n"):
            connection.execute(text(part.rstrip(";")), {"now": NOW})
    _fill(engine, _CUSTOMERS, max(waiting, refused))
    later = {"survey": 2, "status": "scheduled", "due": NOW + DAY, "sent": None, "rule": None}
    _fill(engine, _INVITATIONS, waiting, mark="w", **later)
    why = {"survey": 2, "status": "suppressed", "due": NOW, "sent": None, "rule": "yearly_cap"}
    _fill(engine, _INVITATIONS, refused, mark="r", **why)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _due(engine: Engine, customers: Sequence[int], turn: str) -> None:
    """Invitations that are due for these customers, each of whom was asked before."""
    same = {"workspace_id": 1, "version_id": 1, "channel": "web", "created_at": NOW}
    ends = {"expires_at": NOW + DAY, "status_at": NOW - 200 * DAY}
    rows = [
        {
            **same,
            **ends,
            "customer_id": one,
            "survey_id": survey,
            "trigger_id": 1,
            "token": f"{turn}-{survey}-{one}",
            "status": "scheduled" if survey == 2 else "completed",
            "due_at": NOW - timedelta(seconds=1),
            "sent_at": None if survey == 2 else NOW - 200 * DAY,
        }
        for one in customers
        for survey in (1, 2)
    ]
    with engine.begin() as connection:
        connection.execute(insert(Invitation), rows)


def _ours(session: Session) -> None:
    nobody = SimpleNamespace(sender="+447700900000", name="none")
    services = Services(lambda: NOW, nobody, "https://ask.example.com")  # type: ignore[arg-type]
    if firing.fire_due(session, services, NOW, DUE) != DUE:
        raise SystemExit("not all that was due was decided on")


def _floor(session: Session) -> None:
    """A claim, a decision a row that looked at nothing, and the update: what must be written."""
    claimed = firing._claim(session, NOW, DUE)
    session.commit()
    kept = {"workspace_id": 1, "outcome": "ask", "detail": "", "facts": {"channel": "web"}}
    rows = [{**kept, "invitation_id": one, "decided_at": NOW} for one in claimed]
    session.execute(insert(Decision), rows)
    sent = update(Invitation).where(Invitation.id.in_(claimed))
    session.execute(sent.values(status="sent", sent_at=NOW, status_at=NOW, claimed_until=None))
    session.commit()


def _timed(engine: Engine, call: Callable[[Session], object]) -> float:
    """Milliseconds."""
    with Session(engine) as session:
        began = clock.perf_counter()
        call(session)
        return 1000 * (clock.perf_counter() - began)


def _rounds(engine: Engine, waiting: int, rounds: int) -> Iterator[dict[str, float]]:
    chance = random.Random(waiting)
    everybody = chance.sample(range(1, waiting + 1), 2 * DUE * (rounds + 1))
    for turn in range(rounds + 1):
        mine = everybody[2 * DUE * turn : 2 * DUE * (turn + 1)]
        found: dict[str, float] = {}
        for name, call, whom in (("floor", _floor, mine[:DUE]), ("ours", _ours, mine[DUE:])):
            _due(engine, whom, f"{turn}{name}")
            found["due"] = _timed(engine, _owed)
            began = clock.process_time()
            found[name] = _timed(engine, call)
            found["cpu"] = 1000 * (clock.process_time() - began)
            found["idle"] = _timed(engine, _owed)
        if turn:  # the first warms up
            yield found


def on_rows(url: str, sizes: Sequence[int], rounds: int, refused: int) -> None:
    """Print the table of decisions beside so many rows."""
    heads = ["waiting", "due check, 200 due, ms", "due check, none due, ms", "floor, ms a decision"]
    heads += ["Waymark, ms a decision", "its CPU, ms", "times floor", "times the first size"]
    heads += ["reasons of 1 m refusals, ms"]
    print(f"\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    first = None
    for waiting in sizes:
        with database(Place("PostgreSQL", url)) as made:
            engine = make_engine(made)
            _world(engine, waiting, refused)
            found = list(_rounds(engine, waiting, rounds))
            middle = {name: statistics.median(one[name] for one in found) for name in found[0]}
            page = statistics.median(_timed(engine, _page) for _ in range(5))
            engine.dispose()
        first = first or middle["ours"]
        told = (
            f"{waiting:,}",
            f"{middle['due']:.2f}",
            f"{middle['idle']:.2f}",
            f"{middle['floor'] / DUE:.2f}",
            f"{middle['ours'] / DUE:.2f}",
            f"{middle['cpu'] / DUE:.2f}",
            f"{middle['ours'] / middle['floor']:.2f}",
            f"{middle['ours'] / first:.2f}",
            f"{page:.0f}" if refused else "not run",
        )
        print(f"| {' | '.join(told)} |", flush=True)


def _owed(session: Session) -> None:
    """The check that the clock makes every few seconds."""
    firing.owed(session, NOW)


def _page(session: Session) -> None:
    not_asked(session, 1, NOW, ZoneInfo("Europe/London"), (None, None))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--waiting", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--refused", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    pure(given.rounds)
    if given.postgres:
        on_rows(given.postgres, given.waiting, given.rounds, given.refused)


if __name__ == "__main__":
    main()
