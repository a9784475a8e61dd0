"""Charts as SVG files, drawn by the pages' own templates from the same geometry."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from jinja2.environment import TemplateModule

from feedback.pages import words
from feedback.pages.charts.curve_parts import Curve
from feedback.pages.charts.forest import Axis, Bar
from feedback.pages.charts.forest_parts import Line, forest
from feedback.pages.charts.style import chart_style

TEMPLATES = Path(__file__).parents[1] / "templates"


@cache
def _charts(name: str) -> TemplateModule:
    """The macros of a template of the pages, without a page around them."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    made.globals["w"] = words
    return made.get_template(name).module


def curve_svg(curve: Curve, text: str) -> str:
    """The emotion curve; `text` says its finding to those who can't see it."""
    return str(_charts("chart_curve.html").emotion_curve(curve, text, chart_style()))  # type: ignore[attr-defined]


def interval_svg(bar: Bar, *, told: bool) -> str:
    """One interval by itself, as wide as its axis."""
    return str(_charts("chart_forest.html").interval(bar, "" if told else "noise", chart_style()))  # type: ignore[attr-defined]


def axis_svg(axis: Axis) -> str:
    """The axis that intervals share."""
    return str(_charts("chart_forest.html").ticks(axis, chart_style()))  # type: ignore[attr-defined]


def forest_svg(lines: Sequence[Line], axis: Axis, unit: str, text: str) -> str:
    """All intervals in one picture, each with its name."""
    drawn = forest(lines, axis, unit)
    return str(_charts("chart_forest.html").forest_chart(drawn, text, chart_style()))  # type: ignore[attr-defined]
