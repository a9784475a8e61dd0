"""The simulated Twilio, and Twilio's own description of what it should be like."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from simulated_twilio import Twilio, at_work


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    """An account of a test's own; it tells nobody what phones send."""
    with at_work() as simulated:
        yield simulated


@pytest.fixture(scope="session")
def description() -> dict[str, Any]:
    """Twilio's OpenAPI description, where it is at hand."""
    beside = Path(__file__).parents[3].glob("*/twilio/twilio_api_v2010.json")
    told = os.environ.get("WAYMARK_TWILIO_OPENAPI")
    path = Path(told) if told else next(beside, None)
    if path is None or not path.exists():
        pytest.skip("NOT CHECKED against Twilio's OpenAPI: set WAYMARK_TWILIO_OPENAPI to its file")
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded
