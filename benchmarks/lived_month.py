"""A month that the program itself lived through, on a clock that is turned by hand.

    python -m benchmarks.lived_month FOLDER [--days 30] [--a-day 27]

The demo's shop and its customers, with times as a shop has them (lived_month.yaml): events come in
by the API, surveys are asked by the workers' own functions, and answered by SMS and on the page.
Five minutes of that clock at a time, so that a month takes minutes. It ends now: start the program
on the folder (WAYMARK_HOME), and ask what if. Nothing is sent to anybody.
"""

from __future__ import annotations

import argparse
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from feedback.app import create_app, make_services
from feedback.configuration.apply import apply_text
from feedback.demo import shop
from feedback.demo.characters import Character, Moment
from feedback.demo.live import Stage
from feedback.demo.outside import MOST_QUESTIONS, QUESTION, Outside
from feedback.jobs import asking
from feedback.settings import Settings, load
from models.engine import make_engine
from models.event import Event
from models.invitation import Invitation
from models.migrate import upgrade
from models.workspace import Workspace
from surveys import conversations, delivery, reminders
from surveys.expiry import expire_unanswered
from surveys.services import Services

RULES = Path(__file__).with_suffix(".yaml")
TICK = timedelta(minutes=5)
STAGE_SECOND = timedelta(hours=1)
"""What the demo's customers do within a second takes an hour here."""
BUSY = (0.9, 0.85, 0.95, 1.0, 1.3, 1.5, 0.7)
"""How many order on each day of the week, from Monday, beside the mean."""
STOPS = 0.01
"""So many of the replies are STOP."""


@dataclass
class Clock:
    """The time it is."""

    at: datetime


@dataclass(frozen=True)
class Inside:
    """The shop and its customers' browsers, in this process; the routes are the program's."""

    client: FlaskClient
    key: str

    def post_event(self, event: Mapping[str, Any]) -> None:
        """Tell Waymark that something happened."""
        headers = {"Authorization": f"Bearer {self.key}"}
        told = self.client.post("/api/v1/events", json=event, headers=headers)
        if not 200 <= told.status_code < 300:
            raise SystemExit(f"an event was refused: {told.get_data(as_text=True)}")

    def answer_page(self, token: str, said: Mapping[str, str]) -> None:
        """Open a survey page and answer what it asks, as a browser without JavaScript would."""
        page = self.client.get(f"/s/{token}")
        for _ in range(MOST_QUESTIONS):
            asked = QUESTION.search(page.get_data(as_text=True))
            if asked is None:
                return
            form = {"question": asked[1], "value": said.get(asked[1], "")}
            page = self.client.post(f"/s/{token}", data=form)


@dataclass
class Month(Stage):
    """The demo's stage with people who come when people do, and some who say STOP."""

    comings: deque[float] = field(default_factory=deque)

    def step(self, at: float) -> None:
        """One look around."""
        while self.comings and self.comings[0] <= at:
            self._arrive(self.comings.popleft())
        self.next_arrival = float("inf")
        super().step(at)

    def _reply(self, person: Character, moment: Moment, question: str, kind: str) -> str:
        if self.rng.random() < STOPS:
            return "STOP"
        return super()._reply(person, moment, question, kind)


def comings(start: datetime, days: int, a_day: float, rng: Random) -> Iterator[float]:
    """When each customer orders, in hours from `start`, in order."""
    for day in range(days + 1):
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=day)
        many = round(a_day * BUSY[midnight.weekday()] * rng.uniform(0.8, 1.2))
        for hour in sorted(rng.triangular(6, 24, 19) for _ in range(many)):
            at = (midnight + timedelta(hours=hour) - start) / STAGE_SECOND
            if 0 <= at < days * 24:
                yield at


def work(engine: Engine, services: Services) -> None:
    """A round of the workers: whoever is due is decided on, and what waits leaves.

    As for workers, the clock's questions come first: most of the time nothing is due.
    """
    now = services.now()
    with Session(engine, expire_on_commit=False) as session:
        while asking.fire(session, now) and delivery.fire_due(session, services, now):
            pass
        if asking.send(session, now):
            delivery.send_pending(session, services, now)
        if asking.mail(session, now):
            delivery.send_pending(session, replace(services, gateway=services.mail), now)


def tidy(engine: Engine, services: Services) -> None:
    """Reminders, and the end of what nobody answers."""
    now = services.now()
    with Session(engine, expire_on_commit=False) as session:
        if asking.remind(session, now):
            reminders.remind_silent(session, services, now)
        if asking.expire(session, now):
            conversations.expire_silent(session, now)
            expire_unanswered(session, now)


def prepared(settings: Settings, start: datetime) -> Engine:
    """The folder's database with the demo's shop in it, as it began."""
    engine = make_engine(settings.database_url)
    upgrade(engine)
    print(shop.set_up(settings).splitlines()[0], file=sys.stderr)
    with Session(engine) as session:
        found = session.scalars(select(Workspace).where(Workspace.name == shop.WORKSPACE)).one()
        apply_text(session, found, RULES.read_text(), start)
        session.commit()
    return engine


def staged(settings: Settings, clock: Clock, days: int, a_day: float, rng: Random) -> Month:
    """The shop in the folder of the settings as it begins, and who will come to it."""
    engine = prepared(settings, clock.at)
    services = make_services(settings, lambda: clock.at)
    access = shop.read_access(settings)
    if access is None:
        raise SystemExit("the demo's shop could not be set up")
    with Session(engine, expire_on_commit=False) as session:
        found = session.scalars(select(Workspace).where(Workspace.name == shop.WORKSPACE)).one()
    client = create_app(settings, services).test_client()
    month = Month(engine, services, found, cast(Outside, Inside(client, access.key)), rng)
    month.comings = deque(comings(clock.at, days, a_day, rng))
    return month


def lived(month: Month, clock: Clock, end: datetime) -> None:
    """Live until `end`, five minutes at a time."""
    start = clock.at
    while clock.at < end:
        month.step((clock.at - start) / STAGE_SECOND)
        tidy(month.engine, month.services)
        work(month.engine, month.services)
        clock.at += TICK


def main() -> None:
    """Read the arguments, live, and say what there is then."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--a-day", type=float, default=27)
    given = parser.parse_args()
    settings = load({"WAYMARK_HOME": str(given.folder)})
    # whole hours are moments of this clock, for quiet time ends with one
    ends = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    clock = Clock(ends - timedelta(days=given.days))
    month = staged(settings, clock, given.days, given.a_day, Random(7))
    lived(month, clock, datetime.now(UTC))
    with Session(month.engine) as session:
        events = session.scalar(select(func.count(Event.id)))
        asked = session.scalar(select(func.count(Invitation.sent_at)))
    print(f"{events:,} events, {asked:,} invitations sent")


if __name__ == "__main__":
    main()
