"""After moving on, rests stay as they were, everybody is in the sample, and nothing is lost."""

from __future__ import annotations

from old_database import AT, add_shop, move_back, rows_in
from shelf import Begin
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from models import migrate
from models.invitation import Decision, Invitation
from models.quota import Quota
from models.survey import Survey, Trigger
from models.workspace import Workspace

_HASH = {"content_hash": "x", "published_at": AT, "definition": {}}


def test_what_was_set_and_decided_stays(begin: Begin) -> None:
    old = begin.at("0019")
    with rows_in(old) as add:
        add_shop(add)
        add("surveys", workspace_id=1, key="nps", name="NPS", enabled=True, quarantine_days=90.0)
        add("survey_versions", workspace_id=1, survey_id=1, number=1, **_HASH)
        spans = {"delay_seconds": 0, "expires_seconds": 60, "enabled": True}
        names = {"key": "t", "event_name": "bought", "channel": "sms"}
        add("triggers", workspace_id=1, survey_id=1, **names, **spans)
        add(
            "customers",
            workspace_id=1,
            external_id="a",
            attributes={},
            is_test=False,
            updated_at=AT,
        )
        whom = {"workspace_id": 1, "customer_id": 1, "survey_id": 1, "version_id": 1}
        times = {"due_at": AT, "expires_at": AT, "status_at": AT}
        kept = {"channel": "sms", "token": "x", "status": "suppressed", "rule": "no_address"}
        add("invitations", **whom, **times, **kept)
        why = {"outcome": "refuse", "rule": "no_address", "detail": "", "facts": {"channel": "sms"}}
        add("decisions", workspace_id=1, invitation_id=1, decided_at=AT, **why)
    migrate.upgrade(old)
    with Session(old) as session:
        shop, survey = (
            session.scalars(select(Workspace)).one(),
            session.scalars(select(Survey)).one(),
        )
        assert (shop.quarantine_days, shop.contact_rules) == (30.0, None)
        assert (survey.quarantine_days, survey.kind, survey.contact_rules) == (90.0, None, None)
        assert session.scalars(select(Trigger)).one().sample == 1.0
        assert session.scalars(select(Invitation)).one().rule == "no_address"
        assert session.scalars(select(Decision)).one().facts == {"channel": "sms"}
        assert session.scalars(select(Quota)).all() == []
    move_back(old, "0019")
    names = {index["name"] for index in inspect(old).get_indexes("invitations")}
    assert "ix_invitations_status_due_at" in names and "ix_invitations_due" not in names
    migrate.upgrade(old)
