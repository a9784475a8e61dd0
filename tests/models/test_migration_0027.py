"""After moving on, experiments can be kept, and every invitation there was is in none."""

from __future__ import annotations

from old_database import add_invitation, add_survey, move_back, rows_in
from shelf import Begin
from sqlalchemy import inspect, text

from models import migrate


def test_invitations_stay_and_belong_to_no_experiment(begin: Begin) -> None:
    old = begin.at("0026")
    with rows_in(old) as add:
        add_survey(add)
        add_invitation(add, status="sent")
    migrate.upgrade(old)
    with old.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM invitations")) == 1
        assert connection.scalar(text("SELECT variant_id FROM invitations")) is None
    move_back(old, "0026")
    assert "experiments" not in inspect(old).get_table_names()
    migrate.upgrade(old)
