"""What the report says before its list: how the score moved and stands, and what is tangled."""

from __future__ import annotations

from collections.abc import Mapping

from feedback.pages import impact_words
from feedback.pages.words import days
from feedback.reporting.schema import Overview


def change(report: Overview, metric: str, zone: str) -> str:
    """How a score moved against the period before; days are the zone's."""
    found = next((one for one in report.changes if one.metric == metric), None)
    before = report.trend_previous
    return impact_words.change(found, days(before, zone)) if found else ""


def target(report: Overview, metric: str) -> str:
    """How it stands to its target and its benchmark."""
    goal = next((one for one in report.goals if one.metric == metric), None)
    return " ".join(filter(None, (impact_words.target(goal), impact_words.benchmark(goal))))


def tangles(report: Overview, names: Mapping[str, str]) -> tuple[str, ...]:
    """The themes that surely cost something together and can't be told apart."""
    return tuple(
        impact_words.tangle(one, names[one.touchpoint]) for one in report.tangles if one.high < 0
    )
