"""Emerging topics: what comments of a period speak of beside the themes, found by a worker."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from feedback.pages.frame import workspace
from feedback.pages.topic_view import Card, cards, finding
from feedback.topics import runs
from feedback.topics.choices import LEAST, Choice, choices, first_choice, others
from feedback.topics.out import out
from feedback.topics.periods import Span, key_of, read_key, words, words_before
from models.base import db
from models.topic import TopicRun
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/topics`, and what its button asks for."""

    @blueprint.get("/topics")
    @allow(Access.SESSION)
    def topics() -> ResponseReturnValue:
        session, here = db.session(), workspace()
        known = choices(session, here, services.now())
        asked = request.args.get("period", "")
        first = first_choice(known)
        if not asked and first is None:
            return render_template("topics_none.html", least=LEAST)
        zone = zone_of(here.timezone)
        span = first.span if first and not asked else read_key(asked, zone)
        other = others(session, here, known)
        return _page(session, span, _groups([*known, *other], zone_name=here.timezone))

    @blueprint.post("/topics")
    @allow(Access.SESSION)
    def run_topics() -> ResponseReturnValue:
        zone = zone_of(workspace().timezone)
        span = read_key(request.form.get("period", ""), zone)
        given = (g.workspace_id, span, services.now())
        runs.ask(db.session(), *given, origin="page", user_id=g.user.id)
        return redirect(url_for("pages.topics", period=key_of(span, zone)), 303)


def _page(session: Session, span: Span, groups: dict[str, list[tuple[str, str]]]) -> str:
    """The latest run of a period; while it is not done, the one before it with its answer."""
    here = workspace()
    zone = zone_of(here.timezone)
    latest = runs.latest(session, here.id, span)
    done = runs.latest(session, here.id, span, done=True)
    told = out(session, here, done) if done else None
    listed: list[Card] = cards(told) if told else []
    return render_template(
        "topics.html",
        latest=latest,
        told=told,
        cards=listed,
        finding=finding(told) if told else "",
        live=_live(latest),
        period=key_of(span, zone),
        words=words(span, zone),
        words_before=words_before(span, zone),
        groups=groups,
    )


def _live(run: TopicRun | None) -> bool:
    return run is not None and run.status in runs.UNFINISHED


def _groups(known: list[Choice], zone_name: str) -> dict[str, list[tuple[str, str]]]:
    """The periods to choose from: (key, words) by kind."""
    zone = zone_of(zone_name)
    groups: dict[str, list[tuple[str, str]]] = {"Quarters": [], "Months": [], "Other periods": []}
    for one in known:
        kind = "Other periods" if ".." in one.key else "Quarters" if "Q" in one.key else "Months"
        groups[kind].append((one.key, words(one.span, zone)))
    return {kind: listed for kind, listed in groups.items() if listed}
