"""Pain points, delights and tangled themes in the report's shapes."""

from __future__ import annotations

from pydantic import TypeAdapter

from feedback.reporting.fields import plain
from feedback.reporting.point_columns import Beside, point_fields
from feedback.reporting.schema import PainPointOut, TangleOut
from feedback.statistics.painpoints import PainPoints
from feedback.statistics.tangles import Tangled
from feedback.themes.catalogue import Catalogue

_POINTS = TypeAdapter(list[PainPointOut])


def pain_points(found: PainPoints, beside: Beside) -> list[PainPointOut]:
    """These cells as the report has them, all made and checked in one pass."""
    return _POINTS.validate_python(plain(point_fields(found, beside)))


def tangle(found: Tangled, themes: Catalogue) -> TangleOut:
    """Themes that nobody can tell apart, by their names."""
    return TangleOut(
        touchpoint=found.touchpoint,
        themes=list(found.themes),
        theme_names=[themes.name(theme) for theme in found.themes],
        metric=found.metric.value,
        value=found.cost.value,
        low=found.cost.low,
        high=found.cost.high,
    )
