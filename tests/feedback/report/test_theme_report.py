"""The report shows themes as the workspace does: renamed, merged, hidden, and put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from report_rows import MakeWorkspace, Shop
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.reporting.report import pain_point_report
from feedback.reporting.schema import Report
from feedback.reporting.text import as_text
from feedback.themes import own
from feedback.themes.display import Shown, show
from models.reading import Mention

LATE, QUIET, PRICE = "delivery_speed", "communication", "price"
MONEY = ("where is my money", "it took a month to come back", "the refund came at once")


def filled(session: Session, make_workspace: MakeWorkspace, name: str, quiet: str = QUIET) -> Shop:
    """Late parcels and silence, often by the same person, now and then a price."""
    shop = Shop(session, make_workspace(session, name))
    for day in range(40):
        said: list[tuple[str, str]] = [(LATE, "negative")] if day % 2 else []
        said += [(quiet, "negative")] if day % 3 == 0 else []
        said += [(PRICE, "negative")] if day % 5 == 0 else []
        shop.response("delivery", {"nps": 3.0 if said else 10.0}, tuple(said), day=day)
    session.commit()
    return shop


def figures(report: Report) -> dict[str, Any]:
    """The pain points without what names their rows."""
    found = {}
    for point in report.pain_points:
        found[point.theme] = point.model_dump(exclude={"theme_name", "evidence"})
    return found


def test_merged_themes_count_as_if_they_had_been_found_as_one(
    session: Session, make_workspace: MakeWorkspace, now: datetime
) -> None:
    shop = filled(session, make_workspace, "merged")
    alike = filled(session, make_workspace, "alike", quiet=LATE)
    before = figures(pain_point_report(session, shop.workspace.id, now))
    show(session, shop.workspace.id, QUIET, Shown(merged_into=LATE), now)
    merged = pain_point_report(session, shop.workspace.id, now)
    assert figures(merged) == figures(pain_point_report(session, alike.workspace.id, now))
    assert set(figures(merged)) == {LATE, PRICE}
    show(session, shop.workspace.id, QUIET, Shown(), now)
    assert figures(pain_point_report(session, shop.workspace.id, now)) == before


def test_a_hidden_theme_is_counted_nowhere_and_nothing_of_it_is_lost(
    session: Session, make_workspace: MakeWorkspace, now: datetime
) -> None:
    shop = filled(session, make_workspace, "hidden")
    mentions = session.scalar(select(func.count(Mention.id)))
    before = figures(pain_point_report(session, shop.workspace.id, now))
    show(session, shop.workspace.id, LATE, Shown(hidden=True), now)
    after = figures(pain_point_report(session, shop.workspace.id, now))
    assert set(after) == {QUIET, PRICE} and set(before) == {LATE, QUIET, PRICE}
    assert after[PRICE]["negative"] == before[PRICE]["negative"]
    show(session, shop.workspace.id, LATE, Shown(), now)
    assert figures(pain_point_report(session, shop.workspace.id, now)) == before
    assert session.scalar(select(func.count(Mention.id))) == mentions


def test_every_report_says_a_theme_s_name(
    session: Session, make_workspace: MakeWorkspace, now: datetime
) -> None:
    shop = filled(session, make_workspace, "named", quiet="own_silence")
    own.create(session, shop.workspace.id, "Silence", "nobody tells me anything", MONEY, now)
    show(session, shop.workspace.id, PRICE, Shown(name="What it costs"), now)
    report = pain_point_report(session, shop.workspace.id, now)
    names = {point.theme: point.theme_name for point in report.pain_points}
    assert names == {LATE: "Delivery speed", "own_silence": "Silence", PRICE: "What it costs"}
    assert all(name in as_text(report) for name in names.values())
