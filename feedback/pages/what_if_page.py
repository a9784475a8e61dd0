"""What if: a form of changed rules, and who would have been asked in the last days under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from feedback.configuration.problems import ConfigurationError
from feedback.http_errors import RETRY_AFTER
from feedback.pages.frame import workspace
from feedback.pages.what_if_view import standing, what_if_view
from feedback.whatif.ask import DAYS, MOST_DAYS, MOST_EVENTS, Ask, what_if
from feedback.whatif.changed import Wanted
from feedback.whatif.given import QUICK, wanted
from feedback.whatif.turn import in_turn
from models.base import db
from models.errors import Busy, InvalidInput
from models.survey import Trigger
from surveys.access import Access, allow
from surveys.firing import setting_of
from surveys.services import Services

SAMPLE = "sample-"
OPEN, CLOSE = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"


@dataclass(frozen=True)
class Wrong:
    """What is wrong with the form: by field, and lines about the YAML."""

    fields: Mapping[str, str] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/what-if`; what is typed is kept nowhere."""

    @blueprint.get("/what-if")
    @allow(Access.SESSION)
    def what_if_form() -> ResponseReturnValue:
        return _page({"days": str(DAYS)})

    @blueprint.post("/what-if")
    @allow(Access.SESSION)
    def what_if_answer() -> ResponseReturnValue:
        typed = {name: text.strip() for name, text in request.form.items() if name != "csrf_token"}
        try:
            asked = Ask(_wanted(typed), _days(typed.get("days", "")))
            whose = (db.session(), g.workspace_id, asked)
            found = in_turn(lambda: what_if(*whose, setting_of(services), services.now()))
        except Busy:
            return _page(typed, busy=True), 429, {"Retry-After": str(RETRY_AFTER)}
        except ConfigurationError as error:
            return _page(typed, _wrong(error)), 422
        except InvalidInput as error:
            told = f"{error.message}. {error.mend or ''}".strip()
            if error.field == "days":
                return _page(typed, Wrong({"days": told[:1].upper() + told[1:]})), 422
            return _page(typed, Wrong(rules=[f"{error.field or ''}: {told}".lstrip(": ")])), 422
        return _page(typed, view=what_if_view(found, workspace().timezone), found=found)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        mend = f"Write 1 to {MOST_DAYS}."
        raise InvalidInput(f"{text!r} is no number of days", field="days", mend=mend)
    return int(text)


def _wanted(typed: Mapping[str, str]) -> Wanted:
    quick = {name: typed.get(name, "") for name in QUICK}
    samples = {
        name.removeprefix(SAMPLE): text for name, text in typed.items() if name.startswith(SAMPLE)
    }
    return wanted(typed.get("rules", ""), quick, samples)


def _wrong(error: ConfigurationError) -> Wrong:
    """Each problem at the field that it came from; the rest is about the YAML."""
    fields: dict[str, str] = {}
    rules = []
    for one in error.problems:
        first, last = one.path[:1], str(one.path[1]) if len(one.path) > 1 else ""
        name = SAMPLE + last if first == ("samples",) else last
        quick = first == ("samples",) or (first == ("workspace",) and last in QUICK)
        if quick and (typed := request.form.get(name, "").strip()):
            quoted = f"{OPEN}{typed[:40]}{CLOSE}"
            fields[name] = f"{quoted} {one.what}. {one.mend}"
        else:
            rules.append(one.told(error.places))
    return Wrong(fields, rules)


def _page(typed: Mapping[str, str], wrong: Wrong | None = None, **more: object) -> str:
    mine = (Trigger.workspace_id == g.workspace_id) & Trigger.enabled
    triggers = db.session().scalars(select(Trigger).where(mine).order_by(Trigger.key)).all()
    return render_template(
        "what_if.html",
        typed=typed,
        wrong=wrong or Wrong(),
        triggers=triggers,
        open_samples=any(text for name, text in typed.items() if name.startswith(SAMPLE)),
        standing=standing(workspace()),
        most_days=MOST_DAYS,
        most_events=MOST_EVENTS,
        **more,
    )
