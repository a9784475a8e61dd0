"""What a page's form sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from flask import Request

URL_ENCODED = "application/x-www-form-urlencoded"
SHORT = 100_000  # bytes; more than a page's own form can send


def posted(request: Request) -> Mapping[str, Sequence[str]]:
    """Each field's values; read straight from the body where it is as our pages send it."""
    length = request.content_length
    if request.mimetype != URL_ENCODED or length is None or length > SHORT:
        return request.form.to_dict(flat=False)
    body = request.get_data(cache=False)
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
