"""The application on a database of its own, as most tests of pages and the API want it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.app import create_app
from feedback.settings import load
from models.base import db


@pytest.fixture(scope="session")
def app(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for all tests: making one takes longer than most of them; it keeps no state."""
    home: Path = tmp_path_factory.mktemp("home")
    made = create_app(load({"WAYMARK_HOME": str(home), "DATABASE_URL": sqlite_url}))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
