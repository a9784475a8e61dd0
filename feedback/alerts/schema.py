"""Alerts as programs read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from feedback.alerts.figures import Figures, of_json
from feedback.alerts.lines import read_subject
from feedback.alerts.names import Names
from feedback.alerts.rhythms import RHYTHMS
from feedback.alerts.rows import State, began_in, state_of
from feedback.alerts.wording import said
from feedback.reporting.figures import Chance, Figure, Out
from models.alert import Alert


class AlertFiguresOut(Out):
    """One reading: a score in points, or the share (0 to 1) of those heard who speak badly.

    `n` answers in the period that begins on `first`; `low` and `high` are the 95% range that the
    periods before let expect, `q` is over everything read together. Null where n is too small.
    """

    first: date
    n: int
    value: Figure | None
    expected: Figure | None
    low: Figure | None
    high: Figure | None
    q: Chance | None


class AlertLinksOut(Out):
    """Pages: of the alert, and of its pain point or the report in that time."""

    alert: str
    place: str


class AlertOut(Out):
    """A score or a theme at a touchpoint that left its expected range.

    `state`: `outside`, `known` (outside, and somebody said why), `back`, or `settled` (outside
    for so long that it is the new normal). `metric` is of a score, `touchpoint` and `theme` of a
    theme. `since` is the first day outside, `until` the day after the last. `figures` are those
    it was told by, `latest` the last that were read. `told` is false where it was muted.
    """

    id: str
    state: State
    rhythm: Literal["day", "week"]
    journey: str
    metric: str | None
    touchpoint: str | None
    theme: str | None
    side: Literal["above", "below"]
    better: bool
    title: str
    sentence: str
    since: date
    until: date
    opened_at: datetime
    closed_at: datetime | None
    told: bool
    muted_until: datetime | None
    figures: AlertFiguresOut
    latest: AlertFiguresOut
    links: AlertLinksOut


class AlertsFound(Out):
    """A page of alerts, the newest first; hand `next` in as `after` for more, null on the last."""

    alerts: list[AlertOut]
    next: str | None


def out(
    rows: Sequence[Alert], more: bool, names: Names, muted: Mapping[str, datetime]
) -> AlertsFound:
    """A page of alerts; `more` says that older ones follow."""
    following = str(rows[-1].id) if more else None
    return AlertsFound(alerts=[_alert(row, names, muted) for row in rows], next=following)


def _alert(row: Alert, names: Names, muted: Mapping[str, datetime]) -> AlertOut:
    subject, rhythm = read_subject(row.series), RHYTHMS[began_in(row)]
    found, cell = of_json(row.figures), subject.cell
    words = said(subject, row.side, rhythm, found, names)
    place = names.place(subject, rhythm, found.first, bool(found.value))
    return AlertOut.model_validate(
        {
            "id": str(row.id),
            "state": state_of(row),
            "rhythm": rhythm.name,
            "journey": names.journeys[row.journey_id][0],
            "metric": subject.metric,
            "touchpoint": cell and cell.touchpoint,
            "theme": cell and cell.theme,
            "side": row.side,
            "better": words.good,
            "title": words.title,
            "sentence": words.sentence,
            "since": row.since,
            "until": row.until,
            "opened_at": row.opened_at,
            "closed_at": row.closed_at,
            "told": row.told_in is not None,
            "muted_until": muted.get(row.series),
            "figures": _figures(found),
            "latest": _figures(of_json(row.latest)),
            "links": AlertLinksOut(alert=f"{names.public_url}/alerts/{row.id}", place=place.link),
        }
    )


def _figures(found: Figures) -> AlertFiguresOut:
    return AlertFiguresOut(
        first=found.first,
        n=found.n,
        value=found.value,
        expected=found.expected,
        low=found.low,
        high=found.high,
        q=found.q,
    )
