"""After moving on, customers are as they were, and intake has its tables."""

from __future__ import annotations

import pytest
from old_database import AT, add_shop, move_back, rows_at
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import marking, migrate
from models.customer import Customer
from models.intake import CustomerAlias, IntakeSource

TABLES = {"customer_aliases", "intake_sources", "intake_files", "intake_refusals"}


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database at 0022 on each engine in turn, with a customer in it."""
    with rows_at(empty, "0022") as add:
        add_shop(add)
        about = {"attributes": {"tier": "gold"}, "is_test": False, "updated_at": AT}
        add("customers", workspace_id=1, external_id="c", phone="+447700900123", **about)
    return empty


def test_customers_stay_and_may_have_further_ids(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
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
    with old.connect() as connection:
        assert marking.missing(connection) == []


def test_a_source_is_of_a_kind_we_know(old: Engine) -> None:
    migrate.upgrade(old)
    with Session(old) as session:
        session.add(IntakeSource(workspace_id=1, kind="fax", name="x", token="t", created_at=AT))
        with pytest.raises(IntegrityError):
            session.flush()


def test_moving_back_takes_the_tables_away_and_no_customer(old: Engine) -> None:
    migrate.upgrade(old)
    move_back(old, "0022")
    assert not TABLES & set(inspect(old).get_table_names())
    with old.connect() as connection:
        assert connection.scalar(text("SELECT external_id FROM customers")) == "c"
    migrate.upgrade(old)
    assert set(inspect(old).get_table_names()) >= TABLES
