"""All team pages as one blueprint, `pages`."""

from __future__ import annotations

from flask import Blueprint

from feedback.pages import (
    assets,
    frame,
    invitations,
    journey,
    pain_point_page,
    phones,
    report_page,
    responses,
    sign_in,
    survey_list,
)
from surveys.services import Services


def make_blueprint(services: Services) -> Blueprint:
    """Sign-in, the report and the pages behind it; the phones only where they are simulated."""
    blueprint = Blueprint("pages", __name__)
    frame.add_frame(blueprint, services)
    assets.add_routes(blueprint)
    for room in (sign_in, report_page, pain_point_page, invitations):
        room.add_routes(blueprint, services)
    for plain in (responses, survey_list, journey):
        plain.add_routes(blueprint)
    if services.simulator:
        phones.add_routes(blueprint, services)
    return blueprint
