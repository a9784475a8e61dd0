"""Why a comment was read so: asked on its page, worked out by the worker, shown once known."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.asked_why import ask, explanation_of
from feedback.pages.comment_rows import find_comment
from feedback.pages.sign_in import safe_next
from feedback.pages.weighed import asked
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

SLOW = timedelta(minutes=1)


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/comments/ID/why`: a part of the comment's page with JavaScript, else a page of its own."""

    @blueprint.get("/comments/<int:comment_id>/why")
    @allow(Access.SESSION)
    def why(comment_id: int) -> ResponseReturnValue:
        comment, key = find_comment(g.workspace_id, comment_id), request.args.get("of", "")
        found = explanation_of(db.session(), comment)
        template = "why_part.html" if "HX-Request" in request.headers else "why.html"
        return render_template(
            template,
            comment=comment,
            why=asked(comment.text, key, found),
            slow=found is not None and found.asked_at < services.now() - SLOW,
            back=safe_next(request.args.get("back")),
            fresh=True,
        )

    @blueprint.post("/comments/<int:comment_id>/why")
    @allow(Access.SESSION)
    def ask_why(comment_id: int) -> ResponseReturnValue:
        ask(db.session(), find_comment(g.workspace_id, comment_id), services.now())
        key, back = request.form.get("of", ""), safe_next(request.form.get("back"))
        return redirect(url_for("pages.why", comment_id=comment_id, of=key, back=back), 303)
