"""Our API's description, as OpenAPI 3.1 and as a page."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_openapi3.openapi import OpenAPI

from feedback.api.doc_operations import coded, operations
from surveys.access import Access, allow


def make_blueprint(app: OpenAPI) -> Blueprint:
    """Routes `/openapi.json` and `/docs`, both from the declarations that validate."""
    blueprint = Blueprint("docs", __name__)
    blueprint.add_app_template_filter(coded, "coded")

    @blueprint.get("/openapi.json")
    @allow(Access.PUBLIC)
    def openapi() -> ResponseReturnValue:
        return jsonify(app.api_doc)

    @blueprint.get("/docs")
    @allow(Access.PUBLIC)
    def page() -> ResponseReturnValue:
        spec, base = app.api_doc, request.url_root.rstrip("/")
        return render_template("docs.html", spec=spec, operations=operations(spec, base))

    return blueprint
