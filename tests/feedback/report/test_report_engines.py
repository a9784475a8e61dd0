from __future__ import annotations

from datetime import datetime

from report_rows import Shop
from sqlalchemy.orm import Session

from feedback.reporting.report import pain_point_report
from models.workspace import Workspace


def test_both_databases_give_the_report(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    shop = Shop(session, workspace)
    for day in range(12):
        shop.response("delivery", {"nps": 2.0}, (("speed", "negative"),), day=day)
        shop.response("browse", {"nps": 10.0}, (("design", "positive"),), day=day)
    report = pain_point_report(session, workspace.id, now)
    assert [(point.theme, point.told) for point in report.pain_points] == [("speed", True)]
    assert report.pain_points[0].impact.value == -100.0
    assert len(report.pain_points[0].evidence) == 3
    assert report.n_responses == 24
