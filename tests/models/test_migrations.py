from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from models import migrate
from models.base import Base


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
