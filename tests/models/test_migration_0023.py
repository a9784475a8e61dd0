"""After moving on, customers are as they were, and intake has its tables."""

from __future__ import annotations

import pytest
from old_database import AT, Add, add_shop, move_back
from shelf import Begin
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import marking, migrate
from models.customer import Customer
from models.intake import CustomerAlias, IntakeSource

TABLES = {"customer_aliases", "intake_sources", "intake_files", "intake_refusals"}


def _fill(add: Add) -> None:
    add_shop(add)
    about = {"attributes": {"tier": "gold"}, "is_test": False, "updated_at": AT}
    add("customers", workspace_id=1, external_id="c", phone="+447700900123", **about)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0022 on each engine in turn, with a customer in it, moved on."""
    return begin.moved("0022", _fill)


def test_customers_stay_and_may_have_further_ids(moved: Engine) -> None:
    with Session(moved) as session:
        kept = session.scalars(select(Customer)).one()
        assert (kept.phone, kept.attributes, kept.stated_at) == (
            "+447700900123",
            {"tier": "gold"},
            None,
        )
        alias = {"workspace_id": 1, "external_id": "v", "created_at": AT}
        session.add(CustomerAlias(**alias, customer_id=kept.id))
        session.commit()
        session.add(CustomerAlias(**alias, customer_id=kept.id))
        with pytest.raises(IntegrityError):
            session.flush()
    with moved.connect() as connection:
        assert marking.missing(connection) == []


def test_a_source_is_of_a_kind_we_know(moved: Engine) -> None:
    with Session(moved) as session:
        session.add(IntakeSource(workspace_id=1, kind="fax", name="x", token="t", created_at=AT))
        with pytest.raises(IntegrityError):
            session.flush()


def test_moving_back_takes_the_tables_away_and_no_customer(moved: Engine) -> None:
    move_back(moved, "0022")
    assert not TABLES & set(inspect(moved).get_table_names())
    with moved.connect() as connection:
        assert connection.scalar(text("SELECT external_id FROM customers")) == "c"
    migrate.upgrade(moved)
    assert set(inspect(moved).get_table_names()) >= TABLES
