"""The report's charts as pictures in files: SVG, and PNG made of the very same SVG."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, islice

from feedback.exports.pdf.typeset import png
from feedback.exports.written import clean
from feedback.pages.charts.files import curve_svg, forest_svg
from feedback.pages.charts.forest_parts import Line
from feedback.pages.report_view import ReportView, Row
from models.errors import NotFound

PICTURES = ("emotion-curve", "pain-points")
MEDIA: Mapping[str, str] = {"svg": "image/svg+xml", "png": "image/png"}
WIDTH = 720.0
LISTED = 20


def picture(view: ReportView, chart: str, format_: str) -> bytes:
    """One chart of a report; NotFound where the report has nothing to draw in it."""
    if chart not in PICTURES:
        known = ", ".join(PICTURES)
        raise NotFound(f"there is no chart {chart!r}", field="chart", mend=f"Name one of: {known}.")
    if format_ not in MEDIA:
        raise NotFound(f"no format {format_!r}", field="format", mend="Use svg or png.")
    svg = _curve(view) if chart == "emotion-curve" else _forest(view)
    return png(svg, WIDTH) if format_ == "png" else svg.strip().encode()


def _curve(view: ReportView) -> str:
    if view.curve is None:
        mend = "Give the journey its stages with `waymark apply`."
        raise NotFound("this journey has no stages to draw", field="chart", mend=mend)
    return clean(curve_svg(view.curve, view.finding))


def _forest(view: ReportView) -> str:
    drawn = filter(None, map(_line, chain(view.told, view.untold)))
    lines = list(islice(drawn, LISTED))
    if not lines:
        mend = "Widen the period and the filters."
        raise NotFound("no pain point has an interval to draw", field="chart", mend=mend)
    return clean(forest_svg(lines, view.axis, view.unit, view.lede))


def _line(row: Row) -> Line | None:
    if row.bar is None:
        return None
    where = row.stage if row.stage == row.touchpoint else f"{row.stage}, {row.touchpoint.lower()}"
    figure = f"{row.figure} ({row.cost.partition(', ')[2]})"
    return Line(row.theme, where, figure, row.bar, row.point.told)
