"""The report to take away: `/report.pdf`, and its charts as pictures."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from feedback.exports.pdf.pictures import MEDIA, picture
from feedback.exports.pdf.report import report_pdf, report_view
from feedback.exports.reply import saved
from feedback.exports.wanted import NAMES, Wanted, find_wanted
from feedback.pages.frame import workspace
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/report.pdf` and `/charts/CHART.FORMAT`, with the report's filters."""

    @blueprint.get("/report.pdf")
    @allow(Access.SESSION)
    def report_document() -> ResponseReturnValue:
        made = report_pdf(db.session(), workspace(), _wanted(), services.now())
        return saved(Response(made, mimetype="application/pdf"), "report.pdf")

    @blueprint.get("/charts/<chart>.<kind>")
    @allow(Access.SESSION)
    def report_chart(chart: str, kind: str) -> ResponseReturnValue:
        made = picture(report_view(db.session(), _wanted(), services.now()), chart, kind)
        return saved(Response(made, mimetype=MEDIA[kind]), f"{chart}.{kind}")


def _wanted() -> Wanted:
    asked = {name: request.args.get(name, "").strip() for name in NAMES}
    return find_wanted(db.session(), workspace(), asked)
