"""Who is calling: one guard before every request; what declares no access is refused."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from models.base import db
from models.errors import Forbidden, NotAuthenticated, NotFound
from models.workspace import ApiKey, User
from surveys.access import Access, access_of
from surveys.prepared import Prepared, at_once

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY_PREFIX = "wmk_"
SESSION_USER = "user_id"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}


def make_key() -> tuple[str, str, str]:
    """A new API key: (the key, shown once; its hash, stored; its hint, shown in lists)."""
    key = KEY_PREFIX + secrets.token_urlsafe(24)
    return key, hash_key(key), f"{key[:8]}…"


def hash_key(key: str) -> str:
    """SHA-256 of a key; keys carry 192 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(key.encode()).hexdigest()


def _key_row(dialect: str) -> Select[int]:
    return select(ApiKey.workspace_id).where(
        ApiKey.revoked_at.is_(None), ApiKey.key_hash == bindparam("key_hash")
    )


_KEY = Prepared(_key_row)


def workspace_of_key(database: Session, key: str) -> int | None:
    """The workspace an unrevoked key belongs to."""
    connection = database.connection()
    with at_once(connection):
        rows = _KEY.rows(connection, {"key_hash": hash_key(key)})
    return int(rows[0][0]) if rows else None


@cache
def _nobodys_hash() -> str:
    """A hash that no password fits, to compare with where there is no user."""
    return generate_password_hash(secrets.token_hex(8))


def authenticate(database: Session, email: str, password: str) -> User | None:
    """The user with this e-mail and password; takes as long when there is none."""
    user = database.scalar(select(User).where(User.email == email.strip().lower()))
    matches = check_password_hash(user.password_hash if user else _nobodys_hash(), password)
    return user if user and matches else None


def sign_in(user: User) -> None:
    """Begin a fresh session for a user: nothing of an earlier one survives."""
    session.clear()
    session.permanent = True
    session[SESSION_USER] = user.id
    # a changed password ends every session that was opened with the old one
    session["stamp"] = password_stamp(user)


def sign_out() -> None:
    """End the session."""
    session.clear()


def password_stamp(user: User) -> str:
    """Ties a session to the password it was opened with."""
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]


def _presented_key() -> str | None:
    authorization = request.authorization
    if authorization is None:
        return None
    if authorization.type == "bearer":
        return authorization.token
    return authorization.username if authorization.type == "basic" else None


def _by_key() -> bool:
    key = _presented_key()
    workspace_id = workspace_of_key(db.session(), key) if key else None
    if workspace_id is None:
        return False
    g.workspace_id = workspace_id
    return True


def _by_session() -> bool:
    user_id = session.get(SESSION_USER)
    user = db.session().get(User, user_id) if user_id else None
    stamp = str(session.get("stamp", ""))
    if user is None or not hmac.compare_digest(stamp, password_stamp(user)):
        return False
    g.user = user
    g.workspace_id = user.workspace_id
    return True


def _require_key() -> None:
    if not _by_key():
        raise NotAuthenticated(
            "the API key is missing or unknown",
            field="Authorization",
            mend="send `Authorization: Bearer KEY`; `waymark key create` makes one",
        )


def _require_session() -> None:
    if not _by_session():
        raise NotAuthenticated("please sign in")


def _require_either() -> None:
    if request.authorization is not None:
        _require_key()
    else:
        _require_session()


_GUARDS = {
    Access.KEY: _require_key,
    Access.SESSION: _require_session,
    Access.KEY_OR_SESSION: _require_either,
}


def install(app: Flask) -> None:
    """Put the guard before and the headers after every request, and CSRF before forms."""
    csrf = CSRFProtect()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    csrf.init_app(app)

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        endpoint = request.endpoint
        if endpoint is None:
            raise NotFound("there is no page at this address")
        if endpoint == "static":
            return None
        access = access_of(current_app.view_functions.get(endpoint))
        if access is None:
            raise Forbidden("this route declares no access, so nobody may call it")
        if access is Access.TOKEN or access is Access.SIGNED:
            return None
        check = _GUARDS.get(access)
        if check:
            check()
        if access is Access.SESSION or access is Access.PUBLIC or "user" in g:
            csrf.protect()
        return None

    # Flask's own way to put a layer around an application
    app.wsgi_app = _hardened(app.wsgi_app)  # type: ignore[method-assign,assignment]


def _hardened(inner: WSGIApplication) -> WSGIApplication:
    """Add HEADERS to every answer that doesn't set them itself."""
    ours = tuple((name.lower(), (name, value)) for name, value in HEADERS.items())

    def outer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *problem: Any) -> Any:
            given = {name.lower() for name, _ in headers}
            headers = headers + [header for name, header in ours if name not in given]
            return start_response(status, headers, *problem)

        return inner(environ, start)

    return outer
