"""The operations page: it tells how the work stands, and its buttons pause, resume and retry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from web_seed import EMAIL

from feedback.operations import KindState, State
from feedback.pages.operations_view import headline
from models.job import Pause, Task, WorkerSeen
from models.workspace import User, Workspace
from surveys import pauses

Open = Callable[..., Page]


@pytest.fixture
def work(shop: Any, shop_session: Session) -> Iterator[datetime]:
    """One task that is stuck and one that failed; taken away again, for the shop is shared.

    Workspaces that tests before it left go too: whoever is alone here is an operator.
    """
    now = shop.services.now()
    shop_session.execute(delete(Workspace).where(Workspace.id != shop.seeded.workspace_id))
    about = {"created_at": now, "attempts": 1, "done_rows": 0}
    shop_session.add_all(
        [
            Task(
                kind="read",
                status="running",
                due_at=now - timedelta(minutes=9),
                started_at=now - timedelta(minutes=9),
                claimed_by="box-7:41:ab",
                claimed_until=now + timedelta(seconds=20),
                **about,
            ),
            Task(
                kind="send",
                status="ready",
                due_at=now + timedelta(minutes=4),
                started_at=now - timedelta(minutes=1),
                error="GatewayUnavailable: no answer",
                **about,
            ),
            WorkerSeen(name="box-7:41:ab", takes_from="broker", started_at=now, seen_at=now),
        ]
    )
    shop_session.commit()
    yield now
    for table in (Task, Pause, WorkerSeen):
        shop_session.execute(delete(table))
    shop_session.execute(delete(Workspace).where(Workspace.name == "neighbour"))
    shop_session.execute(update(User).values(operator=False))
    shop_session.commit()


def page_of(team: FlaskClient) -> str:
    return re.sub(r"\s+", " ", team.get("/operations").get_data(as_text=True))


def press(team: FlaskClient, action: str, **form: object) -> int:
    token = page_of(team).split('name="csrf_token" value="')[1].split('"')[0]
    answer = team.post(f"/operations/{action}", data={"csrf_token": token, **form})
    return answer.status_code


def test_a_stuck_task_names_itself_its_worker_and_since_when(
    team: FlaskClient, work: datetime
) -> None:
    page = page_of(team)
    stuck = page.split("Stuck")[1].split("</div>")[0]
    assert "Reading comments" in stuck and "box-7:41:ab" in stuck
    assert "should take 3 min at most" in stuck
    assert "GatewayUnavailable: no answer" in page


def test_retry_tries_what_failed_now_and_gives_what_is_stuck_to_another(
    team: FlaskClient, shop_session: Session, work: datetime
) -> None:
    assert press(team, "retry", kind="send") == 303
    assert press(team, "retry", kind="read") == 303
    send, read = (
        shop_session.scalars(select(Task).where(Task.kind == kind)).one()
        for kind in ("send", "read")
    )
    assert send.due_at <= work + timedelta(seconds=60)
    assert read.claimed_by is None and read.claimed_until is not None
    assert read.claimed_until < work


def test_work_is_paused_and_goes_on_by_kind_and_by_workspace(
    team: FlaskClient, shop_session: Session, work: datetime
) -> None:
    here = shop_session.scalars(select(Workspace.id)).one()
    assert press(team, "pause", kind="fire") == 303
    assert press(team, "pause", workspace=here) == 303
    assert pauses.kinds_at_rest(shop_session) == {"fire"}
    assert pauses.workspaces_at_rest(shop_session, "read") == {here}
    who = shop_session.scalars(select(Pause.user_id)).all()
    assert who == list(shop_session.scalars(select(User.id).where(User.email == EMAIL))) * 2
    assert "Go on: Asking" in page_of(team)
    assert press(team, "resume", kind="fire") == 303
    assert press(team, "resume", workspace=here) == 303
    shop_session.rollback()
    assert pauses.all_of(shop_session) == []


@pytest.fixture
def neighbour(shop_session: Session, work: datetime) -> int:
    """Another workspace in the same installation."""
    row = Workspace(name="neighbour", company="Next Door", created_at=work)
    shop_session.add(row)
    shop_session.commit()
    return row.id


def test_a_team_sees_and_pauses_its_own_workspace_alone(
    team: FlaskClient, shop_session: Session, neighbour: int
) -> None:
    page = page_of(team)
    assert "neighbour" not in page and "box-7" not in page and "GatewayUnavailable" not in page
    own = shop_session.scalars(select(Workspace.id).where(Workspace.id != neighbour)).one()
    assert press(team, "pause", workspace=own) == 303
    for form in ({"kind": "fire"}, {"workspace": neighbour}, {}):
        assert press(team, "pause", **form) == 403
    assert press(team, "retry", kind="send") == 403
    assert [one.workspace_id for one in pauses.all_of(shop_session)] == [own]


def test_an_operator_sees_and_pauses_everybodys_work(
    team: FlaskClient, shop_session: Session, neighbour: int
) -> None:
    shop_session.execute(update(User).where(User.email == EMAIL).values(operator=True))
    shop_session.commit()
    assert "neighbour" in page_of(team)
    assert press(team, "pause", workspace=neighbour, kind="send") == 303
    assert press(team, "pause") == 303
    shop_session.rollback()
    assert pauses.EVERY in pauses.kinds_at_rest(shop_session)
    assert "All work is paused." in page_of(team)


@pytest.mark.parametrize(
    "form", [{"kind": "nonsense"}, {"workspace": "x"}, {"kind": "fire", "workspace": "999999"}]
)
def test_what_is_no_work_is_refused(
    team: FlaskClient, work: datetime, form: dict[str, str]
) -> None:
    assert press(team, "pause", **form) == 422


@pytest.mark.browser
def test_the_page_is_legible_on_a_phone_and_works_by_keyboard(
    open_page: Open, work: datetime
) -> None:
    page = open_page("/operations", signed_in=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_text("nothing to do").first.click()
    page.get_by_role("button", name="Pause: Asking").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Asking: paused. What is due waits, and nothing is lost.").wait_for()


def test_the_first_sentence_says_the_worst() -> None:
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    worker = WorkerSeen(name="w", takes_from="database", started_at=now, seen_at=now)
    task = Task(kind="read", status="running", started_at=now, error="no")
    kinds = (
        KindState("send", now - timedelta(minutes=6)),
        KindState("read", now - timedelta(hours=1), rests_since=now),
    )
    held = (KindState("read", None, running=[task], stuck=[task]),)
    told = {
        "start one with waymark clock": State(now, None, [worker], (), (), None),
        "start one with waymark worker": State(now, "c", [], (), (), None),
        "Late: sending messages.": State(now, "c", [worker], kinds, (), None),
        "make trouble: 1 stuck.": State(now, "c", [worker], held, (), None),
        "Nothing is late.": State(now, "c", [worker], kinds[1:], (), None),
        "All work is paused.": State(now, "c", [worker], kinds, (), now),
    }
    for words, state in told.items():
        assert headline(state)[0].endswith(words) or words in headline(state)[0]
