"""After moving on, no price is known and texts go out as they were written."""

from __future__ import annotations

from old_database import add_shop, move_back, rows_at
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from models import migrate
from models.price import SmsPrice
from models.workspace import Workspace


def test_a_workspace_that_was_there_keeps_its_texts(empty: Engine) -> None:
    with rows_at(empty, "0017") as add:
        add_shop(add)
    migrate.upgrade(empty)
    with Session(empty) as session:
        assert session.scalars(select(Workspace)).one().smart_encoding is False
        assert session.scalars(select(SmsPrice)).all() == []
    move_back(empty, "0017")
    assert "sms_prices" not in inspect(empty).get_table_names()
    migrate.upgrade(empty)
