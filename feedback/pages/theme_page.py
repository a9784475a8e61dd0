"""One theme: what it is, what was found of it, what is not of it, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from feedback.pages.comment_view import quoter
from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.frame import workspace
from feedback.pages.paging import batches, listed
from feedback.pages.responses import mentions_of
from feedback.pages.theme_names import themes
from feedback.themes import counts, teaching
from feedback.themes.catalogue import AREAS, Catalogue, Entry
from feedback.themes.check import ThemeProblems
from feedback.themes.display import Shown, show
from feedback.themes.own import examples_of
from feedback.themes.rows import find_own
from feedback.themes.teaching import Stretch
from models.base import db
from models.errors import InvalidInput, NotFound
from models.reading import Comment, Mention
from nlp.redaction import redactions, without
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services

SIZE = 20
HEAD = ("Response", "When", "In their words", "What speaks of it", "Sentiment")
NOTHING: Mapping[str, str] = {}


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/themes/KEY`, its mentions as CSV, and what its buttons do."""

    @blueprint.get("/themes/<key>")
    @allow(Access.SESSION)
    def theme(key: str) -> ResponseReturnValue:
        entry = _find(key)
        return _page(entry, Shown.of(entry))

    @blueprint.get("/themes/<key>/mentions.csv")
    @allow(Access.SESSION)
    def theme_csv(key: str) -> ResponseReturnValue:
        parts = themes().parts(_find(key).key)
        return csv_reply("mentions", HEAD, _cells(db.session(), parts, workspace().timezone))

    @blueprint.post("/themes/<key>/show")
    @allow(Access.SESSION)
    def show_theme(key: str) -> ResponseReturnValue:
        return _show(_find(key), services.now())

    @blueprint.post("/themes/<key>/not-this")
    @allow(Access.SESSION)
    def not_this(key: str) -> ResponseReturnValue:
        return _not_this(key, services.now())

    @blueprint.post("/themes/<key>/take-back")
    @allow(Access.SESSION)
    def take_back(key: str) -> ResponseReturnValue:
        return _take_back(key, services.now())


def _show(entry: Entry, now: datetime) -> ResponseReturnValue:
    session, wanted = db.session(), _wanted(entry)
    try:
        show(session, g.workspace_id, entry.key, wanted, now)
    except ThemeProblems as error:
        session.rollback()
        return _page(entry, wanted, error.problems), 422
    session.commit()
    return redirect(url_for("pages.theme", key=entry.key, shown="1"), 303)


def _not_this(key: str, now: datetime) -> ResponseReturnValue:
    stretch = Stretch(_number("comment"), _number("start"), _number("end"), _theme(key))
    made = teaching.not_this(db.session(), g.user, stretch, request.form.get("seen", ""), now)
    place = url_for(
        "pages.theme",
        key=key,
        taken=",".join(map(str, made.corrections)) or "0",
        comment=stretch.comment_id,
        found=stretch.theme,
        example=made.example,
    )
    return redirect(place, 303)


def _take_back(key: str, now: datetime) -> ResponseReturnValue:
    corrections = [int(part) for part in request.form.getlist("undo") if _is_id(part)]
    example = _number("example") if request.form.get("example") else None
    given = (_theme(key), _number("comment"), corrections, example, now)
    teaching.take_back(db.session(), g.user, *given)
    return redirect(url_for("pages.theme", key=key, undone="1"), 303)


def _find(key: str) -> Entry:
    found = themes().entries.get(key)
    if found is None:
        raise NotFound(f"there is no theme {key!r}", mend="Choose one from the themes.")
    return found


def _theme(key: str) -> str:
    """The theme a mention was found with: the page's, or one that counts as it."""
    found = request.form.get("theme", key)
    if found not in themes().parts(_find(key).key):
        raise InvalidInput("this mention is of another theme", mend="Reload the page.")
    return found


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not _is_id(text):
        raise InvalidInput("this form came back incomplete", mend="Reload the page and try again.")
    return int(text)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _wanted(entry: Entry) -> Shown:
    """How the form wants it shown; what the form does not ask about stays."""
    form, now = request.form, Shown.of(entry)
    return replace(
        now,
        name=form.get("name", now.name),
        merged_into=form.get("merged_into", now.merged_into),
        parent=form.get("parent", now.parent),
        hidden=form.get("hidden", "1" if now.hidden else "0") == "1",
    )


def _page(entry: Entry, form: Shown, problems: Mapping[str, str] = NOTHING) -> str:
    session, known = db.session(), themes()
    parts = known.parts(entry.key)
    page = listed(session, counts.comments(g.workspace_id, parts), Comment.id.expression, SIZE)
    found = mentions_of(session, [row.id for row in page.rows])
    own = find_own(session, g.workspace_id, entry.key) if entry.own else None
    return render_template(
        "theme.html",
        entry=entry,
        themes=known,
        place=shown_in(known, entry),
        own=own,
        examples=examples_of(session, own) if own else (),
        count=counts.counted(counts.counts(session, g.workspace_id), parts),
        to_read=counts.to_read(session, g.workspace_id) if own else 0,
        page=page,
        mentions={id_: [one for one in all_ if one.theme in parts] for id_, all_ in found.items()},
        quoter=quoter,
        form=form,
        problems=problems,
        areas=AREAS.items(),
        taken=[part for part in request.args.get("taken", "").split(",") if _is_id(part)],
    )


def _cells(session: Session, parts: Sequence[str], zone: str) -> Iterator[Sequence[Cell]]:
    local = zone_of(zone)
    for rows in batches(session, _mentions(parts)):
        for row in rows:
            found, at = redactions(row.text), row.occurred_at.astimezone(local)
            words, part = without(row.text, found), without(row.text, found, row.start, row.end)
            yield row.response_id, at, words, part, row.sentiment


def _mentions(parts: Sequence[str]) -> Select[*tuple[Any, ...]]:
    columns = (Comment.response_id, Comment.occurred_at, Comment.text)
    return (
        select(*columns, Mention.start, Mention.end, Mention.sentiment)
        .join(Mention, Mention.comment_id == Comment.id)
        .where(Mention.workspace_id == g.workspace_id, Mention.theme.in_(parts))
        .order_by(Comment.id.desc(), Mention.start)
    )


def shown_in(known: Catalogue, entry: Entry) -> str:
    """Where a theme is listed, in words."""
    parent = known.parent(entry.key)
    return known.name(parent) if parent else AREAS[known.area(entry.key)]
