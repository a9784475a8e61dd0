"""After moving on, experiments can be kept, and every invitation there was is in none."""

from __future__ import annotations

from old_database import add_invitation, add_survey, move_back, rows_at
from sqlalchemy import Engine, inspect, text

from models import migrate


def test_invitations_stay_and_belong_to_no_experiment(empty: Engine) -> None:
    with rows_at(empty, "0026") as add:
        add_survey(add)
        add_invitation(add, status="sent")
    migrate.upgrade(empty)
    with empty.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM invitations")) == 1
        assert connection.scalar(text("SELECT variant_id FROM invitations")) is None
    move_back(empty, "0026")
    assert "experiments" not in inspect(empty).get_table_names()
    migrate.upgrade(empty)
