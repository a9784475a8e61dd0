"""After moving on, no price is known and texts go out as they were written."""

from __future__ import annotations

from old_database import add_shop, move_back, rows_in
from shelf import Begin
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from models import migrate
from models.price import SmsPrice
from models.workspace import Workspace


def test_a_workspace_that_was_there_keeps_its_texts(begin: Begin) -> None:
    old = begin.at("0017")
    with rows_in(old) as add:
        add_shop(add)
    migrate.upgrade(old)
    with Session(old) as session:
        assert session.scalars(select(Workspace)).one().smart_encoding is False
        assert session.scalars(select(SmsPrice)).all() == []
    move_back(old, "0017")
    assert "sms_prices" not in inspect(old).get_table_names()
    migrate.upgrade(old)
