from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from shelf import Begin
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


@pytest.fixture
def newest(begin: Begin) -> Engine:
    """A database that was migrated, on each engine in turn."""
    return begin.at(migrate.heads()[0])


def _moved_on(engine: Engine, floor: str) -> None:
    """A database that a newer program migrated, which only programs of `floor` and on know."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE schema_floors SET revision = :it"), {"it": floor})


def test_the_database_of_a_newer_program_is_left_alone(newest: Engine) -> None:
    _moved_on(newest, "9998")
    with pytest.raises(Conflict, match="newer Waymark: it is at 9999"):
        migrate.upgrade(newest)
    with newest.connect() as connection:
        assert "newer Waymark" in str(migrate.unfit(connection))
        assert migrate.current(connection) == ("9999",)


def test_a_program_works_on_a_newer_database_that_only_grew(newest: Engine) -> None:
    _moved_on(newest, migrate.heads()[0])
    with newest.connect() as connection:
        assert migrate.unfit(connection) is None
    migrate.upgrade(newest)
    with newest.connect() as connection:
        assert migrate.current(connection) == ("9999",)


def test_the_floor_is_the_newest_migration_that_does_more_than_grow(newest: Engine) -> None:
    steps = ScriptDirectory.from_config(migrate.configuration()).walk_revisions()
    changing = [one.revision for one in steps if not getattr(one.module, "expands", False)]
    with newest.connect() as connection:
        assert connection.scalar(text("SELECT revision FROM schema_floors")) == changing[0]


@pytest.mark.postgres
def test_a_migration_does_not_make_others_queue_for_long(empty: Engine) -> None:
    if empty.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    migrate.upgrade(empty, "0028")
    soon = migrate.Patience(tries=2, wait=0.05, pause=0)
    with empty.connect() as reader:
        reader.execute(text("SELECT count(*) FROM decisions"))
        with pytest.raises(Conflict, match="could not be had"):
            migrate.upgrade(empty, patience=soon)
    migrate.upgrade(empty, patience=soon)
    with empty.connect() as connection:
        assert migrate.unfit(connection) is None


def test_a_database_without_tables_is_to_be_migrated(empty: Engine) -> None:
    with empty.connect() as connection:
        assert "waymark db upgrade" in str(migrate.unfit(connection))
    migrate.upgrade(empty)
    with empty.connect() as connection:
        assert migrate.unfit(connection) is None
