"""The survey page behind an invitation's short link; it needs no JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from models.base import db
from surveys.access import Access, allow
from surveys.channels.addresses import TALKS
from surveys.flow import Input, Skip, Step, Value, current, start
from surveys.flow_say import prompt
from surveys.pages.form import posted
from surveys.pages.lane import lane
from surveys.pages.opting_out import Wish, opt_in, opt_out, texted, wish
from surveys.pages.recent import Recent
from surveys.pages.render import Page, html
from surveys.pages.saving import take
from surveys.pages.stop_view import Texts, stopped_page, wish_page
from surveys.pages.store import Visit, load
from surveys.pages.view import (
    NoticePage,
    QuestionPage,
    Setting,
    ended_page,
    page_of,
    unknown_page,
)
from surveys.services import Services

_HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
]


def make_blueprint(services: Services) -> Blueprint:
    """`GET` shows the open question, `POST` saves an answer and shows what comes next."""
    blueprint = Blueprint("web", __name__)
    recent = Recent()

    @blueprint.get("/s/<token>")
    @allow(Access.TOKEN)
    def show(token: str) -> Response:
        now = services.now()
        with lane(db.engine) as opened:
            visit = load(opened, token)
        if visit is not None and "stop" in request.args:
            return _of_texts(token, _setting(visit), None, now)
        if visit is None or _ended(visit, now):
            recent.take(token, now)
            return _closed(visit)
        recent.keep(token, visit, now)
        return _reply(_open_page(visit, request.args.get("at")), 200)

    @blueprint.post("/s/<token>")
    @allow(Access.TOKEN)
    def answer(token: str) -> Response:
        now = services.now()
        with lane(db.engine) as opened:
            remembered = recent.take(token, now)
            visit = remembered or load(opened, token)
            form = posted(request)
            if visit is not None and "texts" in form:
                return _of_texts(token, _setting(visit), form["texts"][0], now)
            if visit is None or _ended(visit, now):
                return _closed(visit)
            given = _given(visit, form)
            taken = take(opened, token, visit, given, now, remembered is not None)
        if taken is None:
            return _closed(None)
        recent.keep(token, taken.visit, now)
        page = page_of(_setting(taken.visit), taken.step, form.get("value", ("",))[0])
        wrong = isinstance(page, QuestionPage) and page.error is not None
        return _reply(page, 422 if wrong else 200)

    return blueprint


def _ended(visit: Visit, now: datetime) -> bool:
    """A finished survey is never over: whoever comes back to it is thanked."""
    return now >= visit.expires_at and not visit.finished


def _closed(visit: Visit | None) -> Response:
    if visit is None:
        return _reply(unknown_page(request.accept_languages.best), 404)
    return _reply(ended_page(_setting(visit), visit.answered), 410)


def _open_page(visit: Visit, at: str | None) -> QuestionPage | NoticePage:
    """The open question, or an earlier one that the customer went back to."""
    setting, state = _setting(visit), visit.state
    if state is None:
        return page_of(setting, start(visit.definition, visit.context))
    question = visit.definition.by_key.get(at or "")
    if question is None or question.key not in state.answers:
        return page_of(setting, current(visit.definition, state, visit.context))
    back = prompt(visit.definition, question, state, visit.context)
    return page_of(setting, Step(state, back))


def _given(visit: Visit, form: Mapping[str, Sequence[str]]) -> Input:
    question = form.get("question", ("",))[0]
    if "skip" in form:
        return Skip(question)
    values = form.get("value", ())
    known = visit.definition.by_key.get(question)
    several = getattr(known, "multiple", False)
    return Value(question, list(values) if several else (values[0] if values else ""))


def _setting(visit: Visit) -> Setting:
    language = visit.definition.language_for(visit.context.language)
    texted_to = visit.channel in TALKS
    return Setting(visit.definition, visit.context, visit.accent, language, texted_to)


def _of_texts(token: str, setting: Setting, said: str | None, now: datetime) -> Response:
    """Stop texts or allow them again, as was said, and show what holds."""
    with Session(db.engine) as session:
        whom = texted(session, token)
        if whom is None:
            return _reply(unknown_page(request.accept_languages.best), 404)
        if said == Texts.STOP:
            opt_out(session, whom, now)
        if said == Texts.ALLOW:
            opt_in(session, whom, now)
        held = wish(session, whom)
    if held is Wish.OPEN:
        return _reply(wish_page(setting), 200)
    return _reply(stopped_page(setting, undoable=held is Wish.STOPPED), 200)


def _reply(page: Page, status: int) -> Response:
    return Response(html(page), status, _HEADERS)
