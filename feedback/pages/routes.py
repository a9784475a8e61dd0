"""All team pages as one blueprint, `pages`."""

from __future__ import annotations

from flask import Blueprint

from feedback.pages import (
    assets,
    comment_page,
    frame,
    invitation_list,
    invitations,
    journey,
    model_page,
    pain_point_page,
    pain_point_table,
    phones,
    report_page,
    response_list,
    responses,
    sign_in,
    survey_list,
    survey_table,
    theme_form,
    theme_page,
    theme_table,
    topic_page,
    urgent_list,
    why_page,
)
from surveys.services import Services


def make_blueprint(services: Services) -> Blueprint:
    """Sign-in, the report and the pages behind it; the phones only where they are simulated."""
    blueprint = Blueprint("pages", __name__)
    frame.add_frame(blueprint, services)
    assets.add_routes(blueprint)
    reports = (report_page, pain_point_page, pain_point_table)
    themes = (theme_form, theme_page, topic_page)
    comments = (urgent_list, comment_page, why_page)
    for room in (sign_in, *reports, *comments, invitations, survey_list, *themes, model_page):
        room.add_routes(blueprint, services)
    for plain in (response_list, invitation_list, responses, survey_table, journey, theme_table):
        plain.add_routes(blueprint)
    if services.simulator:
        phones.add_routes(blueprint, services)
    return blueprint
