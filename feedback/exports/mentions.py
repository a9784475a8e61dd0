"""Mentions: one row for each stretch of a comment that speaks of one theme."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.exports.columns import Column, Page, Table, Value, number, text, time, whole
from feedback.exports.keyset import SAID_IN, Read, Rows, asked_by, happened, mine, paged
from feedback.exports.people import CUSTOMER, customer
from feedback.exports.places import PLACE, Names, names_of
from feedback.exports.wanted import OpenSession, Wanted
from feedback.themes.catalogue import Catalogue
from feedback.themes.rows import catalogue_of
from models.customer import Customer
from models.reading import Comment, Mention
from models.response import Response
from nlp.redaction import Redaction, redactions, without

COLUMNS: tuple[Column, ...] = (
    whole("mention_id", "Waymark's number of the mention; a comment read again has new ones."),
    whole("comment_id", "The comment it stands in."),
    whole("response_id", "The response of that comment; empty where it belongs to none."),
    text("survey", "Key of the survey."),
    text("channel", "Channel of the response."),
    *CUSTOMER,
    *PLACE,
    time("occurred_at", "When what the comment speaks of happened; periods count by it."),
    text("theme", "Key of the theme, as the workspace shows it: merged themes count as one."),
    text("theme_name", "What the workspace calls it."),
    text("found_as", "Key of the theme it was found with."),
    text("sentiment", "negative, neutral or positive."),
    number("sentiment_score", "From -1 to 1."),
    text("said_by", "Whose word it is: the model's, or a person's."),
    whole("start", "First character of the stretch in the comment as it was written."),
    whole("end", "One past its last character."),
    text("text", "The words of the stretch, with personal data masked."),
)


def mentions(open_session: OpenSession, wanted: Wanted) -> Table:
    """The table of mentions; those of hidden themes are left out, as in every report."""
    with open_session() as session:
        names = names_of(session, wanted.workspace_id)
        themes = catalogue_of(session, wanted.workspace_id)
    statement = _statement(wanted).where(Mention.theme.not_in(themes.hidden))
    pages = paged(open_session, statement, Mention.id, partial(_page, wanted, names, themes))
    return Table("mentions", COLUMNS, pages)


def _statement(wanted: Wanted) -> Rows:
    return (
        select(
            Mention,
            Mention.id,
            Comment.text,
            Comment.customer_id,
            Comment.touchpoint_id,
            Comment.occurred_at,
            Response.survey_id,
            Response.channel,
            Customer.external_id,
        )
        .join(Comment, Comment.id == Mention.comment_id)
        .outerjoin(Response, Response.id == Comment.response_id)
        .outerjoin(Customer, Customer.id == Comment.customer_id)
        .where(*mine(Mention, wanted), *happened(Comment, wanted), *asked_by(wanted, SAID_IN))
    )


def _page(
    wanted: Wanted, names: Names, themes: Catalogue, session: Session, rows: Sequence[Read]
) -> Page:
    personal: dict[int, tuple[Redaction, ...]] = {}
    page = []
    for row in rows:
        if wanted.counts(row.customer_id):
            comment_id = row.Mention.comment_id
            if comment_id not in personal:
                personal[comment_id] = redactions(row.text)
            page.append(_row(names, themes, row, personal[comment_id]))
    return page


def _row(
    names: Names, themes: Catalogue, row: Any, personal: tuple[Redaction, ...]
) -> Sequence[Value]:
    one: Mention = row.Mention
    shown, survey = themes.shown(one.theme), names.surveys.get(row.survey_id)
    said = without(row.text, personal, one.start, min(one.end, len(row.text)))
    return (
        *(one.id, one.comment_id, one.response_id, survey, row.channel),
        *customer(row.customer_id, row.external_id),
        *names.place(row.touchpoint_id),
        *(row.occurred_at, shown, themes.name(shown), one.theme),
        *(one.sentiment, one.sentiment_score, one.source, one.start, one.end, said),
    )
