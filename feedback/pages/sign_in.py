"""Signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback import security
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

WRONG = "That e-mail and password don't belong together. Check both and try again."


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/sign-in` and `/sign-out`."""

    @blueprint.get("/sign-in")
    @allow(Access.PUBLIC)
    def sign_in() -> ResponseReturnValue:
        return render_template("sign_in.html", next=safe_next(request.args.get("next")))

    @blueprint.post("/sign-in")
    @allow(Access.PUBLIC)
    def sign_in_now() -> ResponseReturnValue:
        email = request.form.get("email", "")
        onward = safe_next(request.form.get("next"))
        session = db.session()
        user = security.authenticate(session, email, request.form.get("password", ""))
        if user is None:
            page = render_template("sign_in.html", next=onward, email=email, error=WRONG)
            return page, 422
        user.signed_in_at = services.now()
        security.sign_in(user)
        session.commit()
        return redirect(onward or url_for("pages.report"), 303)

    @blueprint.post("/sign-out")
    @allow(Access.SESSION)
    def sign_out() -> ResponseReturnValue:
        security.sign_out()
        return redirect(url_for("pages.sign_in"), 303)


def safe_next(address: str | None) -> str | None:
    """Where to go after signing in: a path of ours, never another site."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    clean = not any(ord(letter) < 32 for letter in address) and "\\" not in address
    return address if clean and not parts.scheme and not parts.netloc else None
