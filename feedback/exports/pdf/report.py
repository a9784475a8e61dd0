"""The report as a PDF: one door for the page, the API and the command."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from feedback.exports.pdf.document import document
from feedback.exports.pdf.typeset import HERE, pdf
from feedback.exports.wanted import Wanted
from feedback.pages.languages import language
from feedback.pages.quotes import ends
from feedback.pages.report_view import ReportView, view
from feedback.reporting.report import report_on
from feedback.reporting.scope import Filters, find_journey, find_scope
from models.workspace import Workspace

TEMPLATE = HERE / "report.typ"
_NARROWED = ("segment", "channel", "survey", "language")


def report_pdf(session: Session, workspace: Workspace, wanted: Wanted, now: datetime) -> bytes:
    """The report of the journey that is asked for (the only one, where none is)."""
    named = {**wanted.given, "language": language(wanted.language or "")}
    filters = [f"{name} {named[name]}" for name in _NARROWED if name in wanted.given]
    return pdf(TEMPLATE, document(report_view(session, wanted, now), workspace, now, filters))


def report_view(session: Session, wanted: Wanted, now: datetime) -> ReportView:
    """The report as the page shows it: the same sentences, figures and geometry."""
    given, period = wanted.given, (wanted.start, wanted.end)
    filters = Filters.of(given)
    journey = find_journey(session, wanted.workspace_id, given.get("journey"))
    scope = find_scope(session, journey, period, filters, now)
    found = report_on(session, journey, scope, now, period)
    return view(found, ends(session, scope, found))
