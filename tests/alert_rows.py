"""Alerts as the watch writes them, without the months of answers they come from."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from models.alert import Alert

DAYS = 28


def alert(workspace_id: int, journey_id: int, what: str, since: date, **more: Any) -> Alert:
    """An alert of a day: four weeks about 10% and then 80%; `what` is the series in its journey."""
    series = f"{journey_id}/{what}"
    points = [_figures(since - timedelta(days=back), 0.1) for back in range(DAYS - 1, 0, -1)]
    told = _figures(since, 0.8)
    usual: dict[str, Any] = {
        "side": "above",
        "rhythm": "day",
        "until": since + timedelta(days=1),
        "figures": told,
        "latest": told,
        "points": [*points, told],
        "told_in": f"day:{since}",
        "opened_at": datetime.combine(since + timedelta(days=1), time(7), UTC),
    }
    owner = {"workspace_id": workspace_id, "journey_id": journey_id}
    name = {"series": series, "signal": f"{series}:above:day:{since}", "since": since}
    return Alert(**owner, **name, **{**usual, **more})


def _figures(first: date, value: float) -> dict[str, Any]:
    expected = {"expected": 0.1, "low": 0.02, "high": 0.27}
    return {"first": first.isoformat(), "n": 20, "value": value, **expected, "q": 0.0002}
