"""Numbers of rows in addresses: one that no table can hold leads to no page."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map


class RowId(IntegerConverter):
    """A whole number up to 2⁶³ - 1, the largest that both databases know."""

    regex = r"\d{1,19}"

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": 2**63 - 1, **options})
