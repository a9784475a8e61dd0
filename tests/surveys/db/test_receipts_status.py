from __future__ import annotations

import logging
from typing import Any

import pytest
from asking_world import MakeWorkspace, World, asked_world
from sqlalchemy import event
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Consent as Ledger
from models.status import MessageStatus
from models.workspace import Workspace
from surveys.progress import STATUSES
from surveys.receipts import apply_status

TWILIO = {
    *("queued", "sending", "sent", "failed", "delivered", "undelivered", "receiving"),
    *("received", "accepted", "scheduled", "read", "partially_delivered", "canceled"),
}


@pytest.fixture
def world(sqlite_session: Session, make_workspace: MakeWorkspace) -> World:
    return asked_world(sqlite_session, make_workspace(sqlite_session))


@pytest.fixture
def both(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


def apply(world: World, status: str, code: str | None = None, sid: str = "SM1", m: int = 1) -> bool:
    return apply_status(world.session, "fake", sid, status, code, world.now, m)


def status(world: World) -> tuple[str, str]:
    return world.outbound()[0].status, world.invitation(1).status


def test_every_status_of_twilio_s_is_known() -> None:
    assert set(STATUSES) == TWILIO
    assert set(STATUSES.values()) <= set(MessageStatus)


def test_receipts_move_forward_whatever_their_order(both: World) -> None:
    assert apply(both, "delivered")
    for late in ("sent", "sending", "queued", "delivered"):
        assert not apply(both, late)
    assert status(both) == ("delivered", "delivered")
    assert apply(both, "read")


@pytest.mark.parametrize(
    ("sid", "said", "code", "ours"),
    [
        ("SM\x009", "delivered", None, 1),
        ("SM1", "se\x00nt off", None, 1),
        ("SM9", "delivered", None, 9**40),
        ("SM9", "delivered", None, -1),
    ],
)
def test_what_no_database_holds_is_about_no_message_or_left_out(
    both: World, sid: str, said: str, code: str | None, ours: int
) -> None:
    assert not apply(both, said, code, sid, ours)
    assert status(both) == ("queued", "sent")


def test_a_code_is_kept_without_what_no_database_holds(both: World) -> None:
    assert apply(both, "undelivered", "30\x00006")
    assert both.outbound()[0].error_code == "30006"


def test_an_undelivered_first_message_fails_the_invitation(world: World) -> None:
    apply(world, "sent")
    assert apply(world, "undelivered", "30005")
    assert status(world) == ("undelivered", "failed")
    assert world.outbound()[0].error_code == "30005"
    assert world.rows(Conversation)[0].status == "ended"


def test_an_undelivered_thanks_leaves_the_invitation_complete(world: World) -> None:
    world.says("9 - quick")
    assert apply(world, "undelivered", "30003", sid="SM2", m=3)
    assert world.invitation(1).status == "completed"


def test_opted_out_in_a_receipt_withdraws(world: World) -> None:
    apply(world, "failed", "21610")
    assert [row.source for row in world.rows(Ledger)] == ["provider"]


def test_an_unknown_status_is_kept_as_it_came(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert not apply(world, "teleported")
    (message,) = world.outbound()
    assert (message.status, message.provider_status) == ("queued", "teleported")
    assert "teleported" in caplog.text
    assert message.address not in caplog.text


def test_a_receipt_that_outruns_our_own_record_is_not_lost(world: World) -> None:
    (message,) = world.outbound()
    message.status, message.provider_id = "sending", None
    world.session.commit()
    assert apply(world, "delivered", sid="SM9", m=message.id)
    message = world.message(message.id)
    assert (message.status, message.provider_id) == ("delivered", "SM9")
    assert not apply(world, "sent", sid="SM9", m=message.id)


def test_a_receipt_that_races_our_own_record_is_not_lost(world: World) -> None:
    (message,) = world.outbound()
    message.status, message.provider_id = "sending", None
    world.session.commit()
    engine = world.session.get_bind()

    done: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def record_meanwhile(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE messages") and not done:
            done.append(statement)
            cursor.execute("UPDATE messages SET provider_id = 'SM9', status = 'queued'")

    assert apply(world, "delivered", sid="SM9", m=message.id)
    assert world.message(message.id).status == "delivered"


def test_a_receipt_settles_an_unknown_message(world: World) -> None:
    (message,) = world.outbound()
    message.status, message.provider_id = "unknown", None
    world.invitation(1).status = "unknown"
    world.session.commit()
    assert apply(world, "sent", sid="SM9", m=message.id)
    assert status(world) == ("sent", "sent")


def test_a_receipt_about_nothing_of_ours_changes_nothing(world: World) -> None:
    assert not apply(world, "delivered", sid="SM404", m=1)
    assert not apply(world, "delivered", sid="SM404", m=404)
    assert status(world) == ("queued", "sent")
