"""Moving on keeps what is there, asks about the latest, and lets a STOP reach everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

from old_database import AT, add_shop, move_back, rows_in
from shelf import Begin
from sqlalchemy import text
from sqlalchemy.orm import Session

from models import migrate
from models.message import Message
from models.workspace import Workspace
from surveys import consent

PHONE = "+442"


def test_the_latest_without_a_last_word_are_asked_about(begin: Begin) -> None:
    now = datetime.now(UTC)
    old = begin.at("0024")
    with rows_in(old) as add:
        add_shop(add)
        where = {"workspace_id": 1, "sender": "+441", "address": PHONE, "provider": "twilio"}
        what = {"kind": "help", "body": "Hi", "segments": 1, "priority": 0, "attempts": 1}
        for status, made in (("sent", now), ("sent", AT), ("delivered", now), ("pending", now)):
            row = {**where, **what, "direction": "out", "status": status, "created_at": made}
            add("messages", status_at=made, **row)
        said = {"channel": "sms", "address": PHONE, "sender": "+441", "source": "customer_sms"}
        add("consents", workspace_id=1, state="withdrawn", occurred_at=AT, **said)
    migrate.upgrade(old)
    with Session(old) as session:
        rows = session.query(Message).order_by(Message.id).all()
        assert [row.follow_at is not None for row in rows] == [True, False, False, False]
        assert [(row.via, row.account, row.asked) for row in rows] == [(None, None, 0)] * 4
        assert session.query(Workspace).one().optout == "everywhere"
        assert consent.state_of(session, 1, PHONE, "+441") == "withdrawn"
        assert consent.state_of(session, 1, PHONE, "+449") == "none"
        consent.record_everywhere(session, 1, PHONE, "customer_sms", now)
        session.commit()
    move_back(old, "0024")
    with old.connect() as connection:
        kept = connection.execute(text("SELECT sender, state FROM consents ORDER BY id")).all()
    assert [tuple(row) for row in kept] == [("+441", "withdrawn"), (None, "withdrawn")]
    migrate.upgrade(old)
