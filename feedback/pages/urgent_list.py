"""The list of comments that need somebody today: to read, to narrow, to tick off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from feedback.handling import dealt, handle, reopen
from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.frame import workspace
from feedback.pages.paging import batches, numbered
from feedback.pages.redaction import masked
from feedback.pages.sign_in import safe_next
from feedback.pages.sorting import read_sort
from feedback.pages.urgency_words import NAMES, reasons
from feedback.pages.urgent_rows import KEYS, PERIODS, Rows, counts, in_order, urgent_rows, wanted
from models.base import db
from models.reading import Comment
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services

HEAD = [
    "Comment",
    "Customer",
    "Likelihood",
    "Why",
    "In their words",
    "Feeling",
    "Touchpoint",
    "When",
    "Handled by",
    "Handled",
]


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/urgent`, `/urgent.csv`, and what ticks a comment off or opens it again."""

    @blueprint.get("/urgent")
    @allow(Access.SESSION)
    def urgent() -> ResponseReturnValue:
        session, sort, now = db.session(), read_sort(KEYS, "-urgency"), services.now()
        asked = wanted(request.args)
        total, by_reason = counts(session, g.workspace_id, asked, now)
        return render_template(
            "urgent.html",
            page=numbered(session, in_order(urgent_rows(g.workspace_id, asked, now), sort)),
            sort=sort,
            asked=asked,
            total=total,
            by_reason=by_reason,
            names=NAMES,
            periods=PERIODS,
            ticked=_ticked(session),
        )

    @blueprint.get("/urgent.csv")
    @allow(Access.SESSION)
    def urgent_csv() -> ResponseReturnValue:
        rows = urgent_rows(g.workspace_id, wanted(request.args), services.now())
        listed = in_order(rows, read_sort(KEYS, "-urgency"))
        return csv_reply("urgent", HEAD, _cells(db.session(), listed, workspace().timezone))

    @blueprint.post("/comments/<int:comment_id>/handled")
    @allow(Access.SESSION)
    def handle_comment(comment_id: int) -> ResponseReturnValue:
        """Set to what the form says, not to the opposite: pressing twice does no harm."""
        if request.form.get("on") == "1":
            handle(db.session(), g.user, comment_id, services.now())
        else:
            reopen(db.session(), g.user, comment_id)
        back = safe_next(request.form.get("back")) or url_for("pages.urgent")
        joint = "&" if "?" in back else "?"
        return redirect(f"{back}{joint}{urlencode({'ticked': comment_id})}", 303)


def _ticked(session: Session) -> dict[str, object] | None:
    """The comment that was just ticked off or opened again, so that one press takes it back."""
    found = session.get(Comment, request.args.get("ticked", 0, type=int))
    if found is None or found.workspace_id != g.workspace_id:
        return None
    return {"id": found.id, "done": dealt(session, found) is not None}


def _cells(session: Session, statement: Rows, zone: str) -> Iterator[Sequence[Cell]]:
    local = zone_of(zone)
    for rows in batches(session, statement):
        for row in rows:
            yield (
                row.id,
                masked(row.customer or ""),
                row.urgency,
                reasons(row),
                masked(row.text),
                row.sentiment or "not read",
                row.touchpoint,
                row.occurred_at.astimezone(local),
                row.handled_by,
                row.handled_at.astimezone(local) if row.handled_at else None,
            )
