"""A shop's history for the pages to show: made up, the same every time, readings included."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from people import add_user
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.configuration.apply import apply_text
from models.customer import Customer
from models.event import Event
from models.journey import Touchpoint
from models.reading import Comment, Mention
from models.response import Answer, Response, Score
from models.survey import Survey
from models.workspace import Workspace
from surveys.delivery import send_pending
from surveys.firing import fire_due
from surveys.invitations import invite
from surveys.services import Services
from surveys.versions import current_version

EMAIL, PASSWORD = "ada@shop.example", "correct horse battery"
CONFIGURATION = (Path(__file__).parent / "shop.yaml").read_text()
NAMES = ("Ada", "Ben", "Chidi", "Dora", "Emre", "Fay", "Gus", "Hana", "Ivo", "Jun")
GOOD = {
    "website": ("Everything was easy to find on the site.", "usability"),
    "checkout": ("Paying took seconds, lovely.", "payment"),
    "parcel": ("It came a day early and well packed.", "delivery_speed"),
    "first_weeks": ("The fern is thriving, I am so happy with it.", "product_quality"),
    "support_call": ("Maya on the phone was kind and quick.", "staff_attitude"),
}
BAD = {
    "website": (("I could not find the plant care guide anywhere.", "information"),),
    "checkout": (("The discount code did not work at the till.", "payment"),),
    "parcel": (
        ("The parcel came four days late and nobody told us why.", "delivery_speed"),
        ("Two pots were broken, the box was far too thin.", "packaging"),
    ),
    "first_weeks": (("Half the leaves fell off within a week.", "product_quality"),),
    "support_call": (
        ("Forty minutes on hold on 0161 496 0842 before anybody answered.", "waiting_time"),
        ("I was passed around three people and had to explain it all again.", "staff_competence"),
    ),
}
UNHAPPY = {
    "website": 0.12,
    "checkout": 0.16,
    "parcel": 0.5,
    "first_weeks": 0.2,
    "support_call": 0.55,
}


@dataclass(frozen=True)
class Seeded:
    """What the tests need to find their way: the workspace's id and two live invitations."""

    workspace_id: int
    phone_customer: int
    web_token: str
    sms_token: str
    nps_token: str
    key_token: str


def seed(session: Session, services: Services, now: datetime, responses: int = 420) -> Seeded:
    """Fill an empty database; three customers have just been asked."""
    workspace = workspaces.create(session, "shop", now, company="Fern & Field")
    add_user(session, workspace, EMAIL, PASSWORD, now)
    apply_text(session, workspace, CONFIGURATION, now)
    workspace.sender = "+447700900000"
    _customers(session, workspace, now)
    _history(session, workspace, now, responses)
    session.commit()
    return _asked(session, services, workspace, now)


def _customers(session: Session, workspace: Workspace, now: datetime) -> None:
    rows = [
        {
            "workspace_id": workspace.id,
            "external_id": f"customer-{place}",
            "phone": f"+4477009001{place:02d}",
            "email": f"customer{place}@mail.example",
            "locale": "en-GB",
            "timezone": "Europe/London",
            "attributes": {"first_name": NAMES[place % 10], "member": place % 3 == 0},
            "is_test": False,
            "created_at": now,
            "updated_at": now,
        }
        for place in range(60)
    ]
    session.execute(insert(Customer), rows)


def _asked(session: Session, services: Services, workspace: Workspace, now: datetime) -> Seeded:
    web = invite(session, workspace, "delivery", "customer-0", "web", now)
    nps = invite(session, workspace, "relationship", "customer-2", "web", now)
    by_keys = invite(session, workspace, "delivery", "customer-3", "web", now)
    sms = invite(session, workspace, "delivery", "customer-1", "sms", now)
    session.commit()
    fire_due(session, services, now)
    send_pending(session, services, now)
    session.commit()
    return Seeded(workspace.id, sms.customer_id, web.token, sms.token, nps.token, by_keys.token)


def _history(session: Session, workspace: Workspace, now: datetime, responses: int) -> None:
    chance = random.Random(7)
    points = {
        row.key: row.id
        for row in session.scalars(
            select(Touchpoint).where(Touchpoint.workspace_id == workspace.id)
        )
    }
    survey = session.scalars(select(Survey).where(Survey.key == "delivery")).one()
    customers = session.scalars(select(Customer.id).order_by(Customer.id)).all()
    for place in range(responses):
        key = chance.choice(list(points))
        happened = now - timedelta(days=60 * (1 - place / responses), hours=2)
        unhappy = chance.random() < UNHAPPY[key]
        row = _Row(session, workspace, survey, points[key], key, happened, customers[place % 60])
        row.write(place, unhappy, chance)


@dataclass
class _Row:
    """One made-up response."""

    session: Session
    workspace: Workspace
    survey: Survey
    touchpoint: int
    key: str
    at: datetime
    customer: int

    def _add(self, model: type[Any], /, **values: Any) -> int:
        made = insert(model).values(workspace_id=self.workspace.id, **values).returning(model.id)
        return int(self.session.execute(made).scalar_one())

    def write(self, place: int, unhappy: bool, chance: random.Random) -> None:
        score = chance.choice((1, 2, 2, 3)) if unhappy else chance.choice((4, 5, 5))
        self._add(
            Event,
            source="api",
            external_id=f"e{place}",
            name=self.key,
            customer_id=self.customer,
            touchpoint_id=self.touchpoint,
            properties={},
            occurred_at=self.at,
            received_at=self.at,
        )
        response = self._response(place, score)
        answer = self._answer(response, "score", "csat", score)
        self._score(response, answer, score)
        if chance.random() < 0.8:
            said = chance.choice(BAD[self.key]) if unhappy else GOOD[self.key]
            self._comment(response, place, said, unhappy, chance)

    def _response(self, place: int, score: int) -> int:
        version = current_version(self.session, self.survey.id)
        return self._add(
            Response,
            customer_id=self.customer,
            survey_id=self.survey.id,
            version_id=version.id,
            touchpoint_id=self.touchpoint,
            channel="sms" if place % 2 else "web",
            source="seed",
            external_id=str(place),
            status="completed",
            state={"answers": {"score": score}, "finished": True},
            occurred_at=self.at,
            started_at=self.at,
            updated_at=self.at,
            completed_at=self.at,
        )

    def _answer(self, response: int, question: str, kind: str, value: object) -> int:
        return self._add(
            Answer,
            response_id=response,
            question=question,
            type=kind,
            value={"value": value},
            channel="web",
            answered_at=self.at,
            scored_at=self.at,
        )

    def _score(self, response: int, answer: int, score: int) -> None:
        self._add(
            Score,
            response_id=response,
            answer_id=answer,
            touchpoint_id=self.touchpoint,
            metric="csat",
            value=score,
            scale_low=1,
            scale_high=5,
            score_class="satisfied" if score >= 4 else "unsatisfied",
            occurred_at=self.at,
        )

    def _comment(
        self, response: int, place: int, said: tuple[str, str], bad: bool, chance: random.Random
    ) -> None:
        text, theme = said
        answer = self._answer(response, "why", "text", text)
        felt = round((-0.7 if bad else 0.72) + chance.uniform(-0.2, 0.2), 3)
        name = "negative" if bad else "positive"
        comment = self._add(
            Comment,
            response_id=response,
            answer_id=answer,
            customer_id=self.customer,
            touchpoint_id=self.touchpoint,
            attached_by="event",
            source="answer",
            external_id=str(place),
            text=text,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            occurred_at=self.at,
            created_at=self.at,
            read_state="read",
            read_at=self.at,
            model="seed",
            language="en",
            sentiment=name,
            sentiment_score=felt,
            probabilities={name: 0.9},
            emotions={},
            themes={theme: 0.9},
            urgency=0.2,
        )
        self._add(
            Mention,
            comment_id=comment,
            response_id=response,
            start=0,
            end=len(text),
            theme=theme,
            sentiment=name,
            sentiment_score=felt,
        )
