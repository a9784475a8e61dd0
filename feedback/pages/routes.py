"""All team pages as one blueprint, `pages`."""

from __future__ import annotations

from flask import Blueprint

from feedback.pages import (
    assets,
    frame,
    invitation_list,
    invitations,
    journey,
    pain_point_page,
    pain_point_table,
    phones,
    report_page,
    response_list,
    responses,
    sign_in,
    survey_list,
    survey_table,
)
from surveys.services import Services


def make_blueprint(services: Services) -> Blueprint:
    """Sign-in, the report and the pages behind it; the phones only where they are simulated."""
    blueprint = Blueprint("pages", __name__)
    frame.add_frame(blueprint, services)
    assets.add_routes(blueprint)
    wired = (sign_in, report_page, pain_point_page, pain_point_table, invitations, survey_list)
    for room in wired:
        room.add_routes(blueprint, services)
    for plain in (response_list, invitation_list, responses, survey_table, journey):
        plain.add_routes(blueprint)
    if services.simulator:
        phones.add_routes(blueprint, services)
    return blueprint
