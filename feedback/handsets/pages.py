"""The phone page: the list, one phone with its thread, a box to type, and what goes wrong."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.handsets import view
from feedback.pages import assets
from feedback.pages.message_text import linked
from feedback.security import HEADERS
from models.errors import InvalidInput
from surveys.access import Access, allow
from surveys.channels.addresses import SMS, address_on, is_whatsapp
from surveys.simulator import blocks, faults
from surveys.simulator.control import Typed, type_from
from surveys.simulator.service import Simulator

LONGEST_SMS = 1600


def make_blueprint(simulator: Simulator, public_url: str, environment: dict[str, str]) -> Blueprint:
    """The pages at `/`; `environment` is shown for pasting, links to `public_url` can be followed.

    It is called `pages` as the program's own are: the addresses of static files say so.
    """
    blueprint = Blueprint("pages", __name__, template_folder="templates")
    assets.add_routes(blueprint)
    blueprint.add_app_template_filter(linked, "linked")
    blueprint.add_app_template_filter(view.spoken, "spoken")

    @blueprint.app_context_processor
    def frame() -> dict[str, Any]:
        shared = {"asset": assets.asset, "link_start": f"{public_url}/s/"}
        return shared | {"environment": environment, "account": simulator.account}

    @blueprint.after_request
    def harden(answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    _add_pages(blueprint, simulator)
    _add_forms(blueprint, simulator)
    return blueprint


def _add_pages(blueprint: Blueprint, simulator: Simulator) -> None:
    @blueprint.get("/")
    @allow(Access.PUBLIC)
    def phones() -> str:
        return _page(simulator, _newest(simulator))

    @blueprint.get("/phones/<number>")
    @allow(Access.PUBLIC)
    def phone(number: str) -> str:
        return _page(simulator, number)

    @blueprint.get("/phones")
    @allow(Access.PUBLIC)
    def phone_list() -> ResponseReturnValue:
        chosen, rows = request.args.get("chosen"), view.entries(simulator.book)
        if chosen is None and rows:  # the page that waits for the first message
            return "", 200, {"HX-Refresh": "true"}
        return render_template("handset_list.html", phones=rows, chosen=chosen)

    @blueprint.get("/phones/<number>/thread")
    @allow(Access.PUBLIC)
    def thread(number: str) -> ResponseReturnValue:
        return _thread(simulator, number)


def _add_forms(blueprint: Blueprint, simulator: Simulator) -> None:
    @blueprint.post("/phones/<number>")
    @allow(Access.PUBLIC)
    def reply(number: str) -> ResponseReturnValue:
        tapped = request.form.get("tapped", "")
        body = (tapped or request.form.get("body", ""))[:LONGEST_SMS]
        button = simulator.buttons(number).get(tapped) if tapped else None
        if body.strip():
            type_from(simulator, number, Typed(body=body, button=button))
        if request.headers.get("HX-Request"):
            return _thread(simulator, number)
        return redirect(url_for("pages.phone", number=number), 303)

    @blueprint.post("/phones")
    @allow(Access.PUBLIC)
    def another() -> ResponseReturnValue:
        typed = "".join(request.form.get("number", "").split())
        number = address_on(request.form.get("by", SMS), typed)
        body = request.form.get("body", "")[:LONGEST_SMS]
        type_from(simulator, number, Typed(body=body))
        return redirect(url_for("pages.phone", number=number), 303)

    @blueprint.post("/faults")
    @allow(Access.PUBLIC)
    def go_wrong() -> ResponseReturnValue:
        odds = faults.parse(request.form.get("odds", ""))
        simulator.blocks.set(blocks.parse(request.form.get("blocked", "")))
        simulator.faults.odds = odds
        return redirect(url_for("pages.phones", _anchor="faults"), 303)

    @blueprint.errorhandler(InvalidInput)
    def refuse(error: InvalidInput) -> ResponseReturnValue:
        """The first page, with what was typed and what is wrong with it."""
        return _page(simulator, _newest(simulator), error), 400


def _newest(simulator: Simulator) -> str | None:
    return next(iter(simulator.book.phones()), None)


def _page(simulator: Simulator, number: str | None, wrong: InvalidInput | None = None) -> str:
    at_faults = wrong is not None and wrong.field in ("faults", "blocked")
    blocked = ", ".join(f"{one}={code}" for one, code in simulator.blocks.listed().items())
    odds = ",".join(f"{name}={chance:g}" for name, chance in simulator.faults.odds.items())
    messages = simulator.book.of_phone(number) if number else []
    return render_template(
        "handsets.html",
        **_shown(simulator, number, len(messages)),
        phones=view.entries(simulator.book),
        whatsapp=is_whatsapp(number or ""),
        sender=simulator.last_sender(number) if number else None,
        can_answer=view.can_answer(messages),
        odds=request.form.get("odds", odds),
        blocked=request.form.get("blocked", blocked),
        known=[*faults.REFUSING.items(), *faults.ACCEPTING.items(), *faults.OTHERS.items()],
        typed=request.form,
        another=None if at_faults else wrong,
        wrong=wrong if at_faults else None,
    )


def _thread(simulator: Simulator, number: str) -> ResponseReturnValue:
    """The messages, or 204 where the page shows them already, so that nothing moves."""
    seen = request.values.get("seen", "")
    first = seen.partition("-")[0]
    shown = _shown(simulator, number, int(first) if first.isdecimal() else 0)
    if seen == shown["stamp"]:
        return "", 204
    return render_template("handset_thread.html", **shown, live=True)


def _shown(simulator: Simulator, number: str | None, seen: int) -> dict[str, Any]:
    """What a thread shows; messages after the first `seen` are new."""
    messages = simulator.book.of_phone(number) if number else []
    stops = simulator.opt_outs.listed()
    stopped = [one["sender"] for one in stops if one["phone"] == number]
    stamp = view.stamp(messages, stopped)
    buttons = list(simulator.buttons(number)) if number else []
    shown = {"bubbles": view.bubbles(messages, seen), "stopped": stopped, "stamp": stamp}
    return {**shown, "buttons": buttons, "number": number}
