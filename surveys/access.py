"""Who may call a route: every view declares it, and what is not declared is refused."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])
ATTRIBUTE = "__waymark_access__"


class Access(StrEnum):
    """How a caller proves that it may."""

    PUBLIC = "public"  # health, metrics, static files, sign-in
    TOKEN = "token"  # noqa: S105 - whoever holds the link of an invitation
    SIGNED = "signed"  # a provider's webhook; its signature is checked in the view
    KEY = "key"  # an API key of a workspace
    SESSION = "session"  # a signed-in member of a team
    KEY_OR_SESSION = "key_or_session"  # reports: machines and the team


def allow(access: Access) -> Callable[[View], View]:
    """Declare who may call a view."""

    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, access)
        return view

    return mark


def access_of(view: object) -> Access | None:
    """What a view declared; None when nothing."""
    declared = getattr(view, ATTRIBUTE, None)
    return declared if isinstance(declared, Access) else None
