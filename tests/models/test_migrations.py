from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from models import migrate
from models.base import Base
from models.errors import Conflict


def test_there_is_one_head() -> None:
    assert len(migrate.heads()) == 1


def test_the_models_equal_the_migrated_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        assert migrate.current(connection) == migrate.heads()
        options = {"compare_type": True, "include_name": migrate.is_modelled}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert migrate.current(connection) == migrate.heads()


def test_the_database_of_a_newer_program_is_left_alone(empty: Engine) -> None:
    migrate.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict, match="newer Waymark: it is at 9999"):
        migrate.upgrade(empty)
    with empty.connect() as connection:
        assert "newer Waymark" in str(migrate.unfit(connection))
        assert migrate.current(connection) == ("9999",)


def test_a_database_without_tables_is_to_be_migrated(empty: Engine) -> None:
    with empty.connect() as connection:
        assert "waymark db upgrade" in str(migrate.unfit(connection))
    migrate.upgrade(empty)
    with empty.connect() as connection:
        assert migrate.unfit(connection) is None
