"""The application, for its routes."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from feedback.app import create_app
from feedback.settings import load


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(load({"WAYMARK_HOME": str(tmp_path)}))
