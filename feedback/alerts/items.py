"""The parts of a message: one alert, one change of a week, one new topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from feedback.alerts.evidence import quotes_for
from feedback.alerts.figures import Figures, beyond, of_json
from feedback.alerts.lines import Subject, read_subject
from feedback.alerts.message import Item, bar, one_line
from feedback.alerts.names import Names
from feedback.alerts.rhythms import RHYTHMS, WEEK, Rhythm
from feedback.alerts.rows import began_in
from feedback.alerts.wording import said
from models.alert import Alert
from models.workspace import Workspace

GOOD, BAD = "\N{BLACK UP-POINTING TRIANGLE} better", "\N{BLACK DIAMOND} worse"


def alert_item(session: Session, workspace: Workspace, row: Alert, names: Names) -> Item:
    """An alert as its row tells it, with a link to its page."""
    rhythm = RHYTHMS[began_in(row)]
    subject, found = read_subject(row.series), of_json(row.figures)
    quotes = quotes_for(session, workspace, subject, rhythm, found.first)
    link = f"{names.public_url}/alerts/{row.id}"
    return item(subject, row.side, rhythm, found, names, quotes, link)


def item(
    subject: Subject,
    side: str,
    rhythm: Rhythm,
    found: Figures,
    names: Names,
    quotes: Iterable[str] = (),
    link: str = "",
) -> Item:
    """One reading outside its range; without a link, the place to look at is the page of it."""
    words = said(subject, side, rhythm, found, names)
    place = names.place(subject, rhythm, found.first, bool(found.value))
    return Item(
        title=one_line(words.title),
        sentence=words.sentence,
        figures=words.figures,
        link=link or place.link,
        look="Look at it" if link else f"See the {place.words}",
        mark=GOOD if words.good else BAD,
        quotes=tuple(quotes),
        bar=bar(found.low, found.high, found.value),
        weight=beyond(found, subject),
    )


def digest_item(
    session: Session, workspace: Workspace, stored: Mapping[str, Any], names: Names
) -> Item:
    """One stored change of a digest."""
    if "topic" in stored:
        return _topic_item(stored["topic"], names)
    subject, found = read_subject(stored["series"]), of_json(stored["figures"])
    quotes = quotes_for(session, workspace, subject, WEEK, found.first)[:1]
    return item(subject, stored["side"], WEEK, found, names, quotes)


def _topic_item(topic: Mapping[str, Any], names: Names) -> Item:
    share = 100.0 * topic["comments"] / topic["of"]
    low, high = 100.0 * topic["low"], 100.0 * topic["high"]
    return Item(
        title=f"New: {one_line(topic['name'])}",
        sentence=f"{share:.1f}% of comments speak of it, between {low:.1f}% and {high:.1f}%; "
        "in the period before hardly any did.",
        figures=f"{topic['comments']:,} of {topic['of']:,} comments; 95% interval",
        link=f"{names.public_url}/topics?{urlencode({'period': topic['period']})}",
        look="See the topic",
        mark="+ new",
    )
