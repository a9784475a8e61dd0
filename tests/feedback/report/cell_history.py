"""What can happen to a history, one thing at a time, drawn by a number."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from cell_world import NOW, answer, segment
from report_rows import DAY, SCALES, Shop, score_class
from sqlalchemy import delete, select, update

from feedback.cells import work
from feedback.themes.display import Shown, show
from models.customer import Customer, Segment
from models.invitation import Invitation
from models.journey import Touchpoint
from models.reading import UNREAD, Comment, Mention
from models.response import Answer, Response, Score
from models.status import InvitationStatus

THEMES = ("price", "delivery_speed", "staff_attitude", "communication")
FEELINGS = ("negative", "neutral", "positive")
TIERS = ("gold", "blue", "none")
ZONES = ("UTC", "Europe/London", "Asia/Kolkata", "America/St_Johns", "Pacific/Auckland")
SPAN = 90.0


class History:
    """A shop, and everything that may happen to it."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.session, self.made = shop, shop.session, 0
        self.customers = [shop.customer(tier=tier) for tier in TIERS]
        self.session.commit()

    def happen(self, name: str, number: int) -> None:
        """One thing, committed."""
        getattr(self, name)(random.Random(number))
        self.session.commit()

    def _said(self, dice: random.Random) -> tuple[tuple[str, str], ...]:
        count = dice.randrange(4)
        return tuple((dice.choice(THEMES), dice.choice(FEELINGS)) for _ in range(count))

    def _one(self, model: Any, dice: random.Random) -> Any:
        query = select(model).where(model.workspace_id == self.shop.workspace.id)
        rows = self.session.scalars(query.order_by(model.id)).all()
        return dice.choice(rows) if rows else None

    def answer(self, dice: random.Random) -> None:
        scores = {
            metric: dice.uniform(low, high) if dice.random() < 0.3 else dice.randint(low, high)
            for metric, (low, high) in (("nps", (0, 10)), ("csat", (1, 5)), ("ces", (1, 7)))
            if dice.random() < 0.6
        }
        customer = dice.choice([None, *self.customers])
        self.shop.response(
            dice.choice([*self.shop.touchpoints, None]),
            scores,
            self._said(dice),
            day=dice.random() * SPAN,
            channel=dice.choice(["web", "sms"]),
            language=dice.choice([None, "en", "de"]),
            customer_id=customer.id if customer else None,
        )

    def answer_late(self, dice: random.Random) -> None:
        row = self._one(Response, dice)
        if row is not None:
            metric = dice.choice([*SCALES])
            self.shop.score(row, metric, dice.uniform(*SCALES[metric]))

    def say(self, dice: random.Random) -> None:
        row = self._one(Response, dice)
        if row is not None:
            self.session.add(answer(row, f"said{dice.randrange(10**9)}"))

    def revise(self, dice: random.Random) -> None:
        row = self._one(Score, dice)
        if row is not None:
            row.value = dice.uniform(*SCALES[row.metric])
            row.score_class = score_class(row.metric, row.value)

    def comment(self, dice: random.Random) -> None:
        customer = dice.choice([None, *self.customers])
        place = dice.choice([*self.shop.touchpoints])
        self.shop.comment(
            self._said(dice),
            touchpoint=place,
            day=dice.random() * SPAN,
            customer_id=customer.id if customer else None,
            language=dice.choice(["en", "de"]),
            emotions={one: 0.6 for one in ("anger", "joy") if dice.random() < 0.4},
        )

    def comment_again(self, dice: random.Random) -> None:
        row = self._one(Response, dice)
        if row is not None and row.touchpoint_id is not None:
            self.shop.comment(self._said(dice), response=row)

    def correct(self, dice: random.Random) -> None:
        row = self._one(Mention, dice)
        if row is not None:
            row.theme, row.sentiment = dice.choice(THEMES), dice.choice(FEELINGS)

    def take_back(self, dice: random.Random) -> None:
        row = self._one(Mention, dice)
        if row is not None:
            self.session.delete(row)

    def reread(self, dice: random.Random) -> None:
        row = self._one(Comment, dice)
        if row is None:
            return
        self.session.execute(delete(Mention).where(Mention.comment_id == row.id))
        if dice.random() < 0.3:
            self.session.execute(update(Comment).where(Comment.id == row.id).values(**UNREAD))
            return
        feeling = {"read_state": "read", "model": "m", "read_at": DAY, "sentiment": "neutral"}
        mood = dice.uniform(-1, 1)
        emotions = {"fear": 0.9} if dice.random() < 0.5 else {}
        values = {**feeling, "sentiment_score": mood, "emotions": emotions}
        self.session.execute(update(Comment).where(Comment.id == row.id).values(**values))
        for theme, sentiment in self._said(dice):
            self.shop.mention(row, theme, sentiment, 0.0)

    def move(self, dice: random.Random) -> None:
        row = self._one(Response, dice)
        if row is None:
            return
        place = dice.choice([*self.shop.touchpoints.values(), None])
        at = DAY + timedelta(days=dice.random() * SPAN)
        values = {"touchpoint_id": place, "occurred_at": at}
        for model in (Score, Comment):
            mine = model.response_id == row.id
            self.session.execute(update(model).where(mine).values(**values))
        row.touchpoint_id, row.occurred_at, row.channel = place, at, dice.choice(["web", "sms"])
        row.language = dice.choice([None, "en", "de"])

    def drop(self, dice: random.Random) -> None:
        row = self._one(Response, dice)
        if row is not None:
            self.session.execute(delete(Response).where(Response.id == row.id))

    def drop_answer(self, dice: random.Random) -> None:
        row = self._one(Answer, dice)
        if row is not None:
            self.session.execute(delete(Answer).where(Answer.id == row.id))

    def ask(self, dice: random.Random) -> None:
        status = dice.choice([*InvitationStatus]).value
        day = dice.random() * SPAN
        row = self.shop.invitation(
            dice.choice([*self.shop.touchpoints, None]),
            status,
            day,
            channel=dice.choice(["web", "sms"]),
            sent_at=dice.choice([None, DAY, DAY]),
            customer_id=dice.choice(self.customers).id,
            expires_at=NOW + timedelta(days=dice.choice([-100, 100])),
        )
        if dice.random() < 0.4:
            answered = self.shop.response("delivery", day=day, invitation_id=row.id)
            if dice.random() < 0.7:
                self.session.add(answer(answered, "first"))

    def fare(self, dice: random.Random) -> None:
        row = self._one(Invitation, dice)
        if row is None:
            return
        row.status = dice.choice([*InvitationStatus]).value
        if dice.random() < 0.5:
            row.sent_at = dice.choice([None, DAY])
        if dice.random() < 0.2:
            row.channel = dice.choice(["web", "sms"])
            row.created_at = DAY + timedelta(days=dice.random() * SPAN)
            row.touchpoint_id = dice.choice([*self.shop.touchpoints.values(), None])

    def change_hands(self, dice: random.Random) -> None:
        row, heir = self._one(Invitation, dice), dice.choice(self.customers)
        if row is not None:
            row.customer_id = heir.id

    def swap(self, dice: random.Random) -> None:
        """A response is another invitation's, or nobody's."""
        row, other = self._one(Response, dice), self._one(Invitation, dice)
        if row is None or other is None:
            return
        mine = select(Response.id).where(Response.invitation_id == other.id)
        row.invitation_id = None if self.session.scalar(mine) else other.id

    def take_home(self, dice: random.Random) -> None:
        """What was said in one response was said in another."""
        for model in (Answer, Comment):
            row, other = self._one(model, dice), self._one(Response, dice)
            if row is not None and other is not None:
                row.response_id = other.id
                if model is Answer:
                    row.question = f"home{dice.randrange(10**9)}"

    def call_off(self, dice: random.Random) -> None:
        row = self._one(Invitation, dice)
        if row is not None:
            self.session.execute(delete(Invitation).where(Invitation.id == row.id))

    def erase(self, dice: random.Random) -> None:
        if len(self.customers) > 1:
            gone = self.customers.pop(dice.randrange(len(self.customers)))
            self.session.execute(delete(Customer).where(Customer.id == gone.id))

    def arrive(self, dice: random.Random) -> None:
        self.customers.append(self.shop.customer(tier=dice.choice(TIERS)))

    def become(self, dice: random.Random) -> None:
        dice.choice(self.customers).attributes = {"tier": dice.choice(TIERS)}

    def segment(self, dice: random.Random) -> None:
        key = dice.choice(["first", "second"])
        mine = (Segment.workspace_id == self.shop.workspace.id) & (Segment.key == key)
        row = self.session.scalar(select(Segment).where(mine))
        wanted = {"tier": dice.choice(TIERS)}
        if row is None:
            self.made += 1
            at = DAY + timedelta(seconds=self.made)
            segment(self.shop, key, wanted, at)
        elif dice.random() < 0.3:
            self.session.delete(row)
        else:
            row.filter = wanted

    def merge(self, dice: random.Random) -> None:
        key = dice.choice(THEMES)
        into = dice.choice(["", *THEMES[: THEMES.index(key)]])
        wanted = Shown(merged_into=into, hidden=dice.random() < 0.2)
        show(self.session, self.shop.workspace.id, key, wanted, DAY)

    def zone(self, dice: random.Random) -> None:
        self.shop.workspace.timezone = dice.choice(ZONES)

    def give_up_touchpoint(self, dice: random.Random) -> None:
        if len(self.shop.touchpoints) > 2:
            key = dice.choice([*self.shop.touchpoints])
            gone = self.shop.touchpoints.pop(key)
            self.session.execute(delete(Touchpoint).where(Touchpoint.id == gone))
            self.session.expire_all()

    def count(self, dice: random.Random) -> None:
        for _ in range(dice.randrange(1, 4)):
            work.count_next(self.session, lambda: DAY)


_NAMES = [name for name in vars(History) if not name.startswith("_") and name != "happen"]
HAPPENINGS = (*_NAMES, *("answer", "comment", "ask", "count") * 4)
