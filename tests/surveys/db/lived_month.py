"""A month that the engine itself lives through: events, nights, answers, STOPs, rests, quotas."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from asking_world import NOW, NPS, World
from sqlalchemy import func, select

from models.customer import Customer, Segment
from models.invitation import Invitation
from models.quota import Quota
from surveys import conversations

DAY = timedelta(days=1)
BEGAN = NOW - 20 * DAY
RULES = {
    "quiet_hours": {"start": "20:00:00", "end": "09:00:00"},
    "quiet_days": [6],
    "yearly_cap": 3,
    "quarantine": [{"of": "all", "after": "answer", "days": 6}],
    "exclude": {"staff": {"staff": True}},
}
NIGHTS = {"quiet_hours": RULES["quiet_hours"]}
SHORT = {**NPS, "questions": NPS["questions"][:1]}
ZONES = ("Europe/London", "America/New_York", "Asia/Tokyo", None)


class Month:
    """Lives from BEGAN to NOW at exactly the moments at which something is due or happens."""

    def __init__(
        self, world: World, seed: int, customers: int = 16, events: int = 60, rests: bool = True
    ) -> None:
        self.world, self.chance = world, Random(seed)
        self.agenda: list[tuple[datetime, int, Callable[[], Any]]] = []
        self.heard: set[int] = set()
        world.now = BEGAN
        world.workspace.contact_rules = RULES if rests else NIGHTS
        world.workspace.quarantine_days = 3 if rests else 0
        self._rules(rests)
        self.cast = [self._customer(number) for number in range(customers)]
        for _ in range(events):
            name = self.chance.choice(("delivered", "delivered", "visited", "refunded", "called"))
            at = BEGAN + timedelta(minutes=self.chance.randrange(20 * 24 * 60))
            who = self.chance.choice(self.cast)
            self.plan(at, lambda who=who, name=name: world.happens(who, name=name))  # type: ignore[misc]

    def _rules(self, rests: bool) -> None:
        world = self.world
        nps = world.survey(
            {**SHORT, "key": "nps"}, key="nps", worth=90, quarantine_days=6 if rests else 0
        )
        csat = world.survey({**SHORT, "key": "csat"}, key="csat", worth=40, quarantine_days=0)
        call = world.survey(
            {**NPS, "key": "call"}, key="call", kind="quick", quarantine_days=4 if rests else 0
        )
        world.trigger(nps, delay_seconds=86_400, unless=[{"event": "refunded"}], key="nps")
        world.trigger(csat, event_name="visited", channel="web", sample=0.7, key="csat")
        world.trigger(
            call, event_name="called", delay_seconds=600, other_channels="email", key="call"
        )
        gold = Segment(key="gold", name="Gold", filter={"tier": "gold"}, **self._own())
        world.add(gold)
        for key, survey, most, counted in (
            ("few", nps, 5, "answers"),
            ("web", csat, 4, "invitations"),
        ):
            quota = {"counted": counted, "period": "month", "most": most, "survey_id": survey.id}
            segment = gold.id if counted == "answers" else None
            world.add(Quota(key=key, segment_id=segment, **quota, **self._own()))

    def _own(self) -> dict[str, Any]:
        return {"workspace_id": self.world.workspace.id, "created_at": BEGAN}

    def _customer(self, number: int) -> Customer:
        tier = "gold" if number % 2 else "plain"
        made: Customer = self.world.customer(
            phone=None if number == 3 else f"+4477009001{number:02}",
            email=f"c{number}@example.com" if number % 3 == 0 else None,
            timezone=ZONES[number % len(ZONES)],
            attributes={"tier": tier, "staff": number == 5},
        )
        return made

    def plan(self, at: datetime, act: Callable[[], Any]) -> None:
        heapq.heappush(self.agenda, (at, len(self.agenda) + len(self.heard) * 10_000, act))

    def live(self) -> None:
        """On to the next moment, until it is NOW."""
        while (at := self._next()) < NOW:
            self.world.now = at
            conversations.expire_silent(self.world.session, at)
            while self.agenda and self.agenda[0][0] <= at:
                heapq.heappop(self.agenda)[2]()
            self.world.ask()
            self.world.post()
            self._hear()
        self.world.now = NOW

    def _next(self) -> datetime:
        due = select(func.min(Invitation.due_at)).where(Invitation.status == "scheduled")
        first = self.world.session.scalar(due) or NOW
        return max(min(first, self.agenda[0][0] if self.agenda else NOW), self.world.now)

    def _hear(self) -> None:
        """Some of those that were just texted reply after a while, some want no more."""
        for message in self.world.gateway.phone[len(self.heard) :]:
            self.heard.add(len(self.heard))
            lot = self.chance.random()
            at = self.world.now + timedelta(minutes=self.chance.randrange(5, 900))
            text = "STOP" if lot < 0.05 else "9"
            if lot < 0.6:
                phone = message.address
                self.plan(at, lambda phone=phone, text=text: self.world.says(text, phone=phone))  # type: ignore[misc]
