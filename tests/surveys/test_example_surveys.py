"""The surveys that come as examples are short enough to be sent."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from surveys.definition import parse_definition
from surveys.sms_preview import long_messages

EXAMPLES = Path(__file__).parents[2] / "examples"
LINK = "https://" + "h" * 20 + "/s/aB3dE5gH7"
SETTINGS = {"enabled", "quarantine_days", "worth", "remind_after"}
FILES = [*sorted((EXAMPLES / "surveys").glob("*.yaml")), EXAMPLES / "shop.yaml"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_an_example_takes_two_segments_at_most(file: Path) -> None:
    surveys = yaml.safe_load(file.read_text(encoding="utf-8")).get("surveys") or []
    for one in surveys:
        definition = parse_definition({key: one[key] for key in one if key not in SETTINGS})
        assert list(long_messages(definition, "Twenty Letters Ltd..", LINK, smart=False)) == []
