"""What the API takes and gives out: shapes that describe themselves once a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel


class Shape(BaseModel):
    """The base of all that the API's description speaks of.

    An application asks each shape for its JSON schema once a route, most of them for the shape of
    an error: six sevenths of the time that making an application took. A shape never changes, so
    it is asked once.
    """

    @classmethod
    def model_json_schema(cls, *asked: Any, **how: Any) -> dict[str, Any]:
        """As pydantic gives it; what is inside is shared, so to be read alone."""
        return dict(_schema(cls, asked, tuple(sorted(how.items()))))


@cache
def _schema(
    shape: type[Shape], asked: tuple[Any, ...], how: tuple[tuple[str, Any], ...]
) -> dict[str, Any]:
    return super(Shape, shape).model_json_schema(*asked, **dict(how))
