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


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(load({"WAYMARK_HOME": str(tmp_path), "DATABASE_URL": sqlite_url}))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
