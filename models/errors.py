"""The one hierarchy of errors a person may meet; turned into HTTP and exit codes at one place."""

from __future__ import annotations


class WaymarkError(Exception):
    """An error with a sentence for a person, the field it concerns and how to mend it."""

    def __init__(self, message: str, *, field: str | None = None, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.mend = mend

    def __str__(self) -> str:
        parts = [f"{self.field}: {self.message}" if self.field else self.message]
        return ". ".join([*parts, self.mend] if self.mend else parts)


class InvalidInput(WaymarkError):
    """What came in can't be used as it is."""


class NotFound(WaymarkError):
    """There is no such thing, or it belongs to another workspace."""


class Conflict(WaymarkError):
    """The thing is not in a state that allows this."""


class NotAuthenticated(WaymarkError):
    """Nobody is signed in, or the key is unknown."""


class Forbidden(WaymarkError):
    """The caller is known but may not do this."""


class Expired(WaymarkError):
    """It was there once, and its time is over."""


class Busy(WaymarkError):
    """As much of this as a process does at once is under way; the same works a little later."""
