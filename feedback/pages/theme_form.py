"""The form in which a theme of one's own is added, and changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.themes import own
from feedback.themes.catalogue import AREAS, OWN_AREA
from feedback.themes.check import LONGEST_NAME, LONGEST_SENTENCE, MOST, ThemeProblems
from feedback.themes.display import Shown, show
from feedback.themes.own import COUNTER, EXAMPLE, examples_of
from feedback.themes.rows import find_own
from feedback.topics.draft import draft
from models.base import db
from models.theme import OwnTheme
from surveys.access import Access, allow
from surveys.services import Services

FIELDS = 5
SPARE = 2
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Typed:
    """The form as it was typed; kept as it is until it can be saved."""

    name: str = ""
    sentence: str = ""
    area: str = OWN_AREA
    examples: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()

    @property
    def example_fields(self) -> tuple[str, ...]:
        """The examples' fields: five, or as many as are given and some to spare."""
        return _padded(self.examples, FIELDS, SPARE if len(self.examples) >= FIELDS else 0)

    @property
    def counter_fields(self) -> tuple[str, ...]:
        """The fields for what does not belong to it."""
        return _padded(self.counters, SPARE, 1 if len(self.counters) >= SPARE else 0)


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/themes/add` and `/themes/KEY/edit`."""

    @blueprint.get("/themes/add")
    @allow(Access.SESSION)
    def add_theme() -> ResponseReturnValue:
        return _page(_begun(request.args.get("topic", type=int)))

    @blueprint.post("/themes/add")
    @allow(Access.SESSION)
    def create_theme() -> ResponseReturnValue:
        return _create(typed(), services.now())

    @blueprint.get("/themes/<key>/edit")
    @allow(Access.SESSION)
    def edit_theme(key: str) -> ResponseReturnValue:
        theme = find_own(db.session(), g.workspace_id, key)
        return _page(kept(theme), theme=theme)

    @blueprint.post("/themes/<key>/edit")
    @allow(Access.SESSION)
    def change_theme(key: str) -> ResponseReturnValue:
        return _change(find_own(db.session(), g.workspace_id, key), typed(), services.now())


def _create(form: Typed, now: datetime) -> ResponseReturnValue:
    session, given = db.session(), (form.name, form.sentence, form.examples)
    try:
        made = own.create(session, g.workspace_id, *given, now, counters=form.counters)
        if form.area in AREAS and form.area != OWN_AREA:
            show(session, g.workspace_id, made.key, Shown(parent=form.area), now)
    except ThemeProblems as error:
        session.rollback()
        return _page(form, error.problems), 422
    session.commit()
    return redirect(url_for("pages.theme", key=made.key, saved="1"), 303)


def _change(theme: OwnTheme, form: Typed, now: datetime) -> ResponseReturnValue:
    session = db.session()
    try:
        moved = own.change(session, theme, form.sentence, form.examples, now, form.counters)
    except ThemeProblems as error:
        session.rollback()
        return _page(form, error.problems, theme), 422
    session.commit()
    return redirect(url_for("pages.theme", key=theme.key, saved="1" if moved else "0"), 303)


def typed() -> Typed:
    """The form as it came back."""
    form = request.form
    return Typed(
        name=form.get("name", ""),
        sentence=form.get("sentence", ""),
        area=form.get("area", OWN_AREA),
        examples=_listed("example"),
        counters=_listed("counter"),
    )


def kept(theme: OwnTheme) -> Typed:
    """The form as the theme stands."""
    rows = examples_of(db.session(), theme)
    texts = {kind: tuple(r.text for r in rows if r.kind == kind) for kind in (EXAMPLE, COUNTER)}
    return Typed(theme.name, theme.sentence, OWN_AREA, texts[EXAMPLE], texts[COUNTER])


def _begun(topic_id: int | None) -> Typed:
    """The empty form, or filled in with what an emerging topic says."""
    if topic_id is None:
        return Typed()
    said = draft(db.session(), g.workspace_id, topic_id)
    return Typed(said.name, said.sentence, examples=said.examples)


def _listed(name: str) -> tuple[str, ...]:
    numbers = range(1, MOST + SPARE + 2)
    found = [request.form.get(f"{name}-{number}") for number in numbers]
    texts = ["" if text is None else text for text in found]
    while texts and not texts[-1].strip():
        texts.pop()
    return tuple(texts)


def _padded(texts: tuple[str, ...], least: int, spare: int) -> tuple[str, ...]:
    size = min(max(least, len(texts) + spare), max(MOST, len(texts)))
    return texts + ("",) * (size - len(texts))


def _page(form: Typed, problems: Mapping[str, str] = NOTHING, theme: OwnTheme | None = None) -> str:
    return render_template(
        "theme_form.html",
        form=form,
        problems=problems,
        theme=theme,
        areas=AREAS.items(),
        longest={"name": LONGEST_NAME, "sentence": LONGEST_SENTENCE},
    )
