"""The survey page's own SQL, on both engines: read, saved, guarded, followed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply_text
from models.conversation import Conversation
from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.response import Answer, Response
from models.survey import Survey
from models.workspace import Workspace
from surveys.flow import Farewell, Skip, Value
from surveys.pages.lane import lane
from surveys.pages.recent import Recent
from surveys.pages.saving import take
from surveys.pages.store import Visit, load
from surveys.responses import open_response
from surveys.versions import current_version
from surveys.whom import whom

TOKEN = "tokentoken"
SURVEY = """
surveys:
  - key: delivery
    name: Delivery
    metric: csat
    questions:
      - {key: score, type: csat, text: "Hi {customer.first_name|there}, how was {event.item}?"}
      - {key: why, type: text, text: "Why?"}
      - {key: again, type: yes_no, text: "Again?"}
    thanks: "Thank you"
"""


@dataclass
class Link:
    """One invitation to answer through its page."""

    engine: Engine
    invitation: int
    now: datetime

    def read(self) -> Visit:
        with lane(self.engine) as opened:
            visit = load(opened, TOKEN)
        assert visit is not None
        return visit

    def give(self, question: str, value: object, visit: Visit | None = None) -> Any:
        with lane(self.engine) as opened:
            known = visit or load(opened, TOKEN)
            assert known is not None
            self.now += timedelta(seconds=1)
            taken = take(opened, TOKEN, known, Value(question, value), self.now)
        assert taken is not None
        return taken.step

    def rows(self, model: type[Any]) -> list[Any]:
        with Session(self.engine) as session:
            return list(session.scalars(select(model).order_by(model.id)))


@pytest.fixture
def link(session: Session, workspace: Workspace, engine: Engine, now: datetime) -> Link:
    apply_text(session, workspace, SURVEY, now)
    survey = session.scalars(select(Survey)).one()
    person = {"first_name": "Ada"}
    customer = Customer(
        workspace_id=workspace.id,
        external_id="c1",
        locale="en-GB",
        attributes=person,
        created_at=now,
        updated_at=now,
    )
    session.add(customer)
    session.flush()
    event = Event(
        workspace_id=workspace.id,
        source="api",
        external_id="e1",
        name="parcel_delivered",
        customer_id=customer.id,
        properties={"item": "your fern"},
        occurred_at=now - timedelta(hours=3),
        received_at=now,
    )
    session.add(event)
    session.flush()
    invitation = Invitation(
        workspace_id=workspace.id,
        customer_id=customer.id,
        event_id=event.id,
        survey_id=survey.id,
        version_id=current_version(session, survey.id).id,
        channel="sms",
        token=TOKEN,
        status="delivered",
        due_at=now,
        expires_at=now + timedelta(days=7),
        status_at=now,
        created_at=now,
    )
    session.add(invitation)
    session.commit()
    return Link(engine, invitation.id, now)


def test_a_link_knows_whom_it_asks_and_about_what(link: Link) -> None:
    visit = link.read()
    assert visit.state is None and not visit.answered and not visit.finished
    assert visit.context.customer["first_name"] == "Ada"
    assert visit.context.event["item"] == "your fern"
    assert visit.occurred_at == link.now - timedelta(hours=3)
    assert visit.expires_at.tzinfo is not None


def test_an_unknown_token_is_nobody(link: Link) -> None:
    with lane(link.engine) as opened:
        assert load(opened, "nope") is None


def test_reading_opens_no_response(link: Link) -> None:
    """Messengers fetch links to preview them: that is no answer."""
    link.read()
    assert not link.rows(Response)
    assert link.rows(Invitation)[0].status == "delivered"


def test_answers_are_saved_one_by_one_until_the_end(link: Link) -> None:
    link.give("score", "4")
    response = link.rows(Response)[0]
    assert response.status == "open" and response.channel == "web"
    assert response.occurred_at == link.read().occurred_at
    assert link.rows(Invitation)[0].status == "started"
    link.give("why", "It came  early")
    last = link.give("again", "yes")
    assert isinstance(last.say, Farewell)
    answers = {row.question: row.value["value"] for row in link.rows(Answer)}
    assert answers == {"score": 4, "why": "It came  early", "again": True}
    response = link.rows(Response)[0]
    assert (response.status, response.completed_at) == ("completed", link.now)
    assert link.rows(Invitation)[0].status == "completed"
    assert link.read().finished


def test_the_same_answer_twice_counts_once(link: Link) -> None:
    seen = link.read()
    link.give("score", "4", seen)
    link.give("score", "4", seen)
    assert len(link.rows(Answer)) == 1 and len(link.rows(Response)) == 1


def test_two_tabs_never_write_over_each_other(link: Link) -> None:
    link.give("score", "4")
    seen = link.read()
    link.give("why", "From the first tab", seen)
    link.give("again", "no", seen)
    state = link.read().state
    assert state is not None and set(state.answers) == {"score", "why", "again"}
    assert state.finished


def test_a_revised_answer_is_to_be_scored_anew(link: Link) -> None:
    link.give("score", "4")
    with Session(link.engine) as session:
        session.execute(update(Answer).values(scored_at=link.now))
        session.commit()
    link.give("score", "2")
    answer = link.rows(Answer)[0]
    assert answer.value == {"value": 2} and answer.scored_at is None


def test_a_value_that_does_not_fit_writes_nothing(link: Link) -> None:
    step = link.give("score", "17")
    assert not step.saved and not link.rows(Response)


def test_skipping_is_remembered(link: Link) -> None:
    link.give("score", "4")
    with lane(link.engine) as opened:
        take(opened, TOKEN, link.read(), Skip("why"), link.now + timedelta(seconds=9))
    state = link.read().state
    assert state is not None and state.current == "again"


def test_who_began_by_sms_goes_on_here_in_the_same_response(link: Link, session: Session) -> None:
    invitation = session.get(Invitation, link.invitation)
    assert invitation is not None
    (one,) = whom(session, [invitation.id])
    response = open_response(session, one, "sms", link.now)
    conversation = Conversation(
        workspace_id=invitation.workspace_id,
        customer_id=invitation.customer_id,
        invitation_id=invitation.id,
        response_id=response.id,
        sender="+447700900000",
        address="+447700900123",
        opened_at=link.now,
        expires_at=link.now + timedelta(days=1),
    )
    session.add(conversation)
    session.commit()
    for question, value in (("score", "5"), ("why", "Good"), ("again", "yes")):
        link.give(question, value)
    assert [row.id for row in link.rows(Response)] == [response.id]
    assert link.rows(Conversation)[0].status == "ended"


def test_an_abandoned_response_reopens(link: Link) -> None:
    link.give("score", "4")
    with Session(link.engine) as session:
        session.execute(update(Response).values(status="abandoned"))
        session.commit()
    link.give("why", "Back again")
    assert link.rows(Response)[0].status == "open"


def remembered(link: Link, visit: Visit, question: str, value: object) -> Any:
    """An answer given on what a process still knew of the visit."""
    link.now += timedelta(seconds=1)
    with lane(link.engine) as opened:
        return take(opened, TOKEN, visit, Value(question, value), link.now, remembered=True)


def as_written(visit: Visit) -> tuple[object, ...]:
    """What a visit holds of its response."""
    return visit.response_id, visit.response_status, visit.seen_at, visit.state


def test_a_visit_as_it_was_left_takes_the_next_answer_unread(link: Link) -> None:
    first = remembered(link, link.read(), "score", "4")
    assert as_written(first.visit) == as_written(link.read())
    last = remembered(link, remembered(link, first.visit, "why", "Late").visit, "again", "no")
    assert last.visit.finished and as_written(last.visit) == as_written(link.read())
    assert len(link.rows(Answer)) == 3


def test_what_was_remembered_gives_way_to_what_is_there(link: Link) -> None:
    old = link.read()
    link.give("score", "4")
    taken = remembered(link, old, "why", "From a tab left open")
    assert set(taken.visit.state.answers) == {"score", "why"}
    assert taken.visit == link.read()


def test_an_answer_that_does_not_fit_is_told_on_the_newest_state(link: Link) -> None:
    old = link.read()
    link.give("score", "4")
    taken = remembered(link, old, "why", " ")
    assert taken.visit == link.read() and taken.visit.answered


def test_the_link_of_somebody_erased_is_gone_though_remembered(link: Link) -> None:
    old = link.read()
    with Session(link.engine) as session:
        for model in (Invitation, Event, Customer):
            session.execute(delete(model))
        session.commit()
    assert remembered(link, old, "score", "4") is None
    assert not link.rows(Response)


def test_recent_visits_are_handed_out_once_and_not_for_long(link: Link) -> None:
    recent, visit = Recent(most=2), link.read()
    recent.keep("a", visit, link.now)
    assert recent.take("a", link.now) is visit and recent.take("a", link.now) is None
    recent.keep("a", visit, link.now)
    assert recent.take("a", link.now + timedelta(seconds=60)) is None
    for token in "abc":
        recent.keep(token, visit, link.now)
    assert recent.take("a", link.now) is None and recent.take("c", link.now) is visit


def test_a_finished_visit_is_not_kept(link: Link) -> None:
    recent = Recent()
    recent.keep("a", link.read(), link.now)
    for question, value in (("score", "5"), ("why", "Good"), ("again", "yes")):
        link.give(question, value)
    recent.keep("a", link.read(), link.now)
    assert recent.take("a", link.now) is None
