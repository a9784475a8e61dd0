"""All team pages as one blueprint, `pages`."""

from __future__ import annotations

from flask import Blueprint

from feedback.pages import (
    alert_page,
    alert_settings,
    assets,
    comment_list,
    comment_page,
    compare_page,
    consent_page,
    conversation_file,
    conversation_list,
    conversation_page,
    customer_page,
    experiment_page,
    export_page,
    frame,
    goal_page,
    invitation_list,
    invitations,
    journey,
    mails,
    mending_page,
    message_page,
    model_page,
    not_asked_page,
    operations_page,
    pain_point_page,
    pain_point_table,
    phones,
    price_page,
    report_files,
    report_page,
    response_list,
    responses,
    score_page,
    sign_in,
    source_page,
    survey_list,
    survey_table,
    theme_course_page,
    theme_form,
    theme_page,
    theme_table,
    topic_page,
    urgent_list,
    what_if_page,
    why_page,
)
from surveys.channels.mailbox import MAILBOX
from surveys.services import Services


def make_blueprint(services: Services) -> Blueprint:
    """Sign-in, the report and the pages behind it; the phones only where they are simulated."""
    blueprint = Blueprint("pages", __name__)
    frame.add_frame(blueprint, services)
    assets.add_routes(blueprint)
    scores = (score_page, goal_page, compare_page)
    reports = (report_page, pain_point_page, pain_point_table, *scores)
    themes = (theme_form, theme_page, theme_course_page, topic_page)
    comments = (urgent_list, comment_list, comment_page, why_page)
    asking = (invitations, not_asked_page, what_if_page, survey_list, message_page, price_page)
    rooms = (sign_in, *reports, *comments, *asking, experiment_page, *themes, model_page)
    inbox = (conversation_list, conversation_file, conversation_page, mending_page, consent_page)
    more = (
        customer_page,
        operations_page,
        source_page,
        export_page,
        report_files,
        alert_page,
        alert_settings,
    )
    for room in (*rooms, *inbox, *more):
        room.add_routes(blueprint, services)
    for plain in (response_list, invitation_list, responses, survey_table, journey, theme_table):
        plain.add_routes(blueprint)
    if services.simulator:
        phones.add_routes(blueprint, services)
    if services.mail.name == MAILBOX:
        mails.add_routes(blueprint)
    return blueprint
