"""After moving on, experiments can be kept, and every invitation there was is in none."""

from __future__ import annotations

from old_database import AT, add_shop, move_back, rows_at
from sqlalchemy import Engine, inspect, text

from models import migrate


def test_invitations_stay_and_belong_to_no_experiment(empty: Engine) -> None:
    with rows_at(empty, "0026") as add:
        add_shop(add)
        person = {"external_id": "c", "attributes": {}, "is_test": False}
        add("customers", workspace_id=1, **person, updated_at=AT)
        survey = {"key": "s", "name": "S", "enabled": True, "quarantine_days": 1.0}
        add("surveys", workspace_id=1, **survey)
        version = {"number": 1, "definition": {}, "content_hash": "h", "published_at": AT}
        add("survey_versions", workspace_id=1, survey_id=1, **version)
        whom = {"workspace_id": 1, "customer_id": 1, "survey_id": 1, "version_id": 1}
        due = {"due_at": AT, "expires_at": AT, "status_at": AT}
        add("invitations", **whom, channel="sms", token="t", status="sent", **due)
    migrate.upgrade(empty)
    with empty.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM invitations")) == 1
        assert connection.scalar(text("SELECT variant_id FROM invitations")) is None
    move_back(empty, "0026")
    assert "experiments" not in inspect(empty).get_table_names()
    migrate.upgrade(empty)
