"""Comments to search, to narrow in the address bar, to read and to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from sqlalchemy.orm import Session

from feedback.pages.comment_choices import choices
from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.frame import workspace
from feedback.pages.languages import language
from feedback.pages.paging import Listed, batches, here
from feedback.pages.redaction import masked
from feedback.pages.responses import mentions_of
from feedback.pages.theme_names import theme_list, themes
from feedback.pages.words import count
from feedback.search.alike import all_of, look_for
from feedback.search.find import Found
from feedback.search.wanted import NAMES, Wanted, lenient
from models.base import db
from models.errors import InvalidInput
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services

PAGE = 20
SHORTEST = 600
"""Characters of a comment that are shown at once; the rest of a longer one is one press away."""
HEAD = (
    *("Comment", "Customer", "When", "In their words", "Language", "Feeling", "Sentiment"),
    *("Themes", "Touchpoint", "Urgent", "Response"),
)
SORTS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "unhappiest": "Unhappiest first",
    "happiest": "Happiest first",
}


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/comments` and `/comments.csv`."""

    @blueprint.get("/comments")
    @allow(Access.SESSION)
    def comments() -> ResponseReturnValue:
        session, (wanted, problems) = db.session(), _wanted()
        found, after = _found(session, wanted, services)
        given = {name: request.args.get(name, "") for name in NAMES}
        return render_template(
            "comments.html",
            found=found,
            page=_page(found, after),
            wanted=wanted,
            problems=problems,
            given=given,
            narrowed=[name for name in NAMES if given[name] and name not in ("q", "by", "sort")],
            choices=choices(session, g.workspace_id, themes()),
            language=language,
            sorts=SORTS,
            shortest=SHORTEST,
            say_compared=_compared(found),
            mentions=mentions_of(session, [row.id for row in found.rows]),
        )

    @blueprint.get("/comments.csv")
    @allow(Access.SESSION)
    def comments_csv() -> ResponseReturnValue:
        session, (wanted, _) = db.session(), _wanted()
        rows = all_of(session, g.workspace_id, wanted, themes(), services.now)
        return csv_reply("comments", HEAD, _cells(session, rows, workspace().timezone))


def _wanted() -> tuple[Wanted, list[InvalidInput]]:
    return lenient(request.args, zone_of(workspace().timezone))


def _found(session: Session, wanted: Wanted, services: Services) -> tuple[Found, str | None]:
    """The page asked for; one that is none is the first."""
    after = request.args.get("after")
    asked = (session, g.workspace_id, wanted, themes(), PAGE, services.now)
    try:
        return look_for(*asked, after), after
    except InvalidInput:
        return look_for(*asked), None


def _compared(found: Found) -> str:
    """With how many comments a search by meaning compared, and which it left out."""
    if found.alike is None:
        return ""
    n = f"{count(found.alike.compared, 'comment')}"
    left = "" if found.alike.whole else " Older ones are still being prepared for it."
    return f"Compared with {n} in English; other languages are not read.{left}"


def _page(found: Found, after: str | None) -> Listed[object]:
    following = here(after=found.after) if found.after else None
    return Listed(found.rows, following, here(after=None) if after else None, by_date=False)


def _cells(
    session: Session, statement: Select[*tuple[Any, ...]], zone: str
) -> Iterator[Sequence[Cell]]:
    local = zone_of(zone)
    for rows in batches(session, statement):
        spoken = mentions_of(session, [row.id for row in rows])
        for row in rows:
            yield (
                row.id,
                masked(row.customer or ""),
                row.occurred_at.astimezone(local),
                masked(row.text),
                row.language,
                row.sentiment or "not read",
                row.sentiment_score,
                theme_list(dict.fromkeys(one.theme for one in spoken.get(row.id, ()))),
                row.place,
                row.urgent,
                row.response_id,
            )
