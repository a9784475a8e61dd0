"""What a workspace calls its journeys, touchpoints and themes, and where their pages are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote, urlencode

from sqlalchemy.orm import Session

from feedback.alerts.gather import journeys
from feedback.alerts.lines import Subject
from feedback.alerts.rhythms import Rhythm, after
from feedback.themes.catalogue import Catalogue
from feedback.themes.rows import catalogue_of

METRICS: Mapping[str, str] = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}


@dataclass(frozen=True, slots=True)
class Place:
    """A page to look at, and what it is: a `pain point` or a `report`."""

    link: str
    words: str


@dataclass(frozen=True)
class Names:
    """Names by id and key; `journeys` are (key, name) by id."""

    journeys: Mapping[int, tuple[str, str]]
    touchpoints: Mapping[str, str]
    themes: Catalogue
    public_url: str = ""

    def of(self, subject: Subject) -> str:
        """What a series is called: `NPS of Buying plants`, `Delivery speed at Parcel`."""
        if subject.cell is None:
            metric = METRICS[str(subject.metric)]
            return f"{metric} of {self.journey(subject)}"
        return f"{self.themes.name(subject.cell.theme)} at {self.touchpoint(subject)}"

    def journey(self, subject: Subject) -> str:
        """The journey's name."""
        return self.journeys.get(subject.journey_id, ("", "a journey that was taken out"))[1]

    def touchpoint(self, subject: Subject) -> str:
        """The touchpoint's name, of a theme's series."""
        key = subject.cell.touchpoint if subject.cell else ""
        return self.touchpoints.get(key, key.replace("_", " ").capitalize())

    def place(self, subject: Subject, rhythm: Rhythm, first: date, complaints: bool) -> Place:
        """What to look at: the pain point in the period, or the report where none complained."""
        last = after(rhythm, first) - timedelta(days=1)
        given = {"journey": self.journeys.get(subject.journey_id, ("", ""))[0]}
        asked = urlencode(given | {"from": first.isoformat(), "to": last.isoformat()})
        if subject.cell is None or not complaints:
            return Place(f"{self.public_url}/?{asked}", "report")
        path = f"{quote(subject.cell.touchpoint)}/{quote(subject.cell.theme)}"
        return Place(f"{self.public_url}/pain-points/{path}?{asked}", "pain point")


def names_of(session: Session, workspace_id: int, public_url: str = "") -> Names:
    """The names of a workspace."""
    found = journeys(session, workspace_id)
    points = [point for one in found for stage in one.stages for point in stage.touchpoints]
    return Names(
        {one.id: (one.key, one.name) for one in found},
        {point.key: point.name for point in points},
        catalogue_of(session, workspace_id),
        public_url,
    )
