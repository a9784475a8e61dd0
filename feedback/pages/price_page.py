"""The form of what an SMS costs, and whether typographic signs are replaced in it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.pages.frame import workspace
from models.base import db
from models.errors import InvalidInput
from surveys.access import Access, allow
from surveys.price_list import read_prices, written_prices
from surveys.prices import prices_of, set_prices
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/prices`."""

    @blueprint.get("/prices")
    @allow(Access.SESSION)
    def prices() -> ResponseReturnValue:
        here = workspace()
        return _page(written_prices(prices_of(db.session(), here.id)), here.smart_encoding)

    @blueprint.post("/prices")
    @allow(Access.SESSION)
    def save_prices() -> ResponseReturnValue:
        session, here = db.session(), workspace()
        typed, smart = request.form.get("prices", ""), request.form.get("smart") == "1"
        try:
            wanted = read_prices(typed)
        except InvalidInput as error:
            return _page(typed, smart, error.message.splitlines()), 422
        changed = set_prices(session, here.id, wanted, services.now())
        changed = changed or here.smart_encoding != smart
        here.smart_encoding = smart
        session.commit()
        return redirect(url_for("pages.prices", saved="1" if changed else "0"), 303)


def _page(typed: str, smart: bool, problems: list[str] | None = None) -> str:
    return render_template(
        "prices.html",
        typed=typed,
        smart=smart,
        problems=problems or [],
        saved=request.args.get("saved"),
    )
