"""The simulator as a web application."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Flask, abort, request

from surveys.simulator import control, rest
from surveys.simulator.service import Simulator

LARGEST = 1024 * 1024


def create_app(simulator: Simulator, pages: Sequence[Blueprint] = ()) -> Flask:
    """Twilio's API, the control door, and whatever pages are to stand beside them."""
    app = Flask("surveys.simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST

    @app.before_request
    def only_from_here() -> None:
        """No page of another site may type on phones through its reader's browser."""
        if request.method != "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            abort(403)

    rest.install(app, simulator)
    app.register_blueprint(control.make_blueprint(simulator))
    for page in pages:
        app.register_blueprint(page)
    return app
