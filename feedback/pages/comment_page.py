"""One comment: what was understood of it, put right by whoever reads it, and undone."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.asked_why import explanation_of
from feedback.corrections.record import correct, undo
from feedback.corrections.rows import confirmed, corrections_of, counted, own
from feedback.handling import dealt
from feedback.pages.comment_form import Form, shown, typed
from feedback.pages.comment_rows import find_comment
from feedback.pages.comment_view import history, quoter, stretches, theme_groups, undoable
from feedback.pages.sign_in import safe_next
from feedback.pages.theme_names import themes
from feedback.pages.weighed import asked
from models.base import db
from models.reading import SENTIMENTS, Comment
from surveys.access import Access, allow
from surveys.services import Services

MOST_UNDONE = 200


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/comments/ID`, what its form saves, and what takes a correction back."""

    @blueprint.get("/comments/<int:comment_id>")
    @allow(Access.SESSION)
    def comment(comment_id: int) -> ResponseReturnValue:
        return _page(find_comment(g.workspace_id, comment_id))

    @blueprint.post("/comments/<int:comment_id>")
    @allow(Access.SESSION)
    def correct_comment(comment_id: int) -> ResponseReturnValue:
        found, form = find_comment(g.workspace_id, comment_id), typed(request.form)
        problem = form.problem(f"0:{len(found.text)}")
        if problem:
            return _page(found, form, problem), 422
        changes, seen, now = form.changes(), request.form.get("seen", ""), services.now()
        made = correct(db.session(), g.user, comment_id, seen, changes, now, form.confirmed)
        return _to(comment_id, saved=",".join(map(str, made)) or "0")

    @blueprint.post("/comments/<int:comment_id>/undo")
    @allow(Access.SESSION)
    def undo_correction(comment_id: int) -> ResponseReturnValue:
        wanted = _numbers(request.form.getlist("undo"))
        undo(db.session(), g.user, comment_id, wanted, services.now())
        return _to(comment_id, undone="1")


def _page(found: Comment, form: Form | None = None, problem: str | None = None) -> str:
    """The comment as it stands, with the form as it was typed where it could not be saved."""
    session = db.session()
    rows = corrections_of(session, [found.id])[found.id]
    quoted, reading, said = quoter(found.text), counted(session, found), own(session, found)
    entries = history(session, found, rows, quoted)
    explanation = explanation_of(session, found)
    return render_template(
        "comment.html",
        comment=found,
        reading=reading,
        own=said,
        confirmed=confirmed(rows, found.text_hash),
        dealt=dealt(session, found),
        why_of=lambda key: asked(found.text, key, explanation),
        model_sentiment=said.sentiment if said.sentiment != reading.sentiment else None,
        form=form or shown(reading),
        problem=problem,
        sentiments=SENTIMENTS,
        themes=theme_groups(reading, themes()),
        places=stretches(found.text, quoted),
        quoted=quoted,
        history=entries,
        saved=undoable(entries, _numbers(request.args.get("saved", "").split(","))),
        back=safe_next(request.values.get("back")),
    )


def _to(
    comment_id: int, saved: str | None = None, undone: str | None = None
) -> ResponseReturnValue:
    """Back to the comment, which says what was done, and whence the person came."""
    back = safe_next(request.form.get("back"))
    return redirect(
        url_for("pages.comment", comment_id=comment_id, back=back, saved=saved, undone=undone), 303
    )


def _numbers(given: list[str]) -> list[int]:
    found = [part for part in given if part.isascii() and part.isdigit() and len(part) < 19]
    return [int(part) for part in found[:MOST_UNDONE]]
