"""After moving on, tasks have slots, nobody is an operator, and nothing rests."""

from __future__ import annotations

from old_database import AT, add_shop, move_back, rows_in
from shelf import Begin
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from models import migrate
from models.job import Pause, Task
from models.workspace import User


def test_a_task_under_way_keeps_its_place_and_a_second_fits_beside_it(begin: Begin) -> None:
    old = begin.at("0020")
    with rows_in(old) as add:
        add_shop(add)
        running = {"status": "running", "due_at": AT, "attempts": 1, "done_rows": 0}
        add("tasks", kind="fire", **running)
    migrate.upgrade(old)
    with Session(old) as session:
        assert session.scalars(select(User)).one().operator is False
        assert session.scalars(select(Pause)).all() == []
        assert session.scalars(select(Task)).one().slot == 0
        session.add(Task(kind="fire", slot=1, status="ready", due_at=AT, created_at=AT))
        session.commit()
    move_back(old, "0020")
    assert "pauses" not in inspect(old).get_table_names()
    with old.connect() as connection:
        kept = connection.exec_driver_sql("SELECT kind, status FROM tasks").all()
    assert [tuple(row) for row in kept] == [("fire", "running")]
    migrate.upgrade(old)
