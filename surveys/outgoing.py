"""A message's row as it is handed to a provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from surveys.channels.gateway import Content, Outgoing


class Written(Protocol):
    """A message as far as handing it over needs it."""

    @property
    def id(self) -> int:
        """Its row."""

    @property
    def sender(self) -> str:
        """Where it leaves from."""

    @property
    def via(self) -> str | None:
        """The fall-back that it leaves from in its place."""

    @property
    def account(self) -> str | None:
        """The provider's account that it is handed to."""

    @property
    def address(self) -> str:
        """Where it goes."""

    @property
    def body(self) -> str:
        """Its words."""

    @property
    def attempts(self) -> int:
        """Which try this is, from 1."""

    @property
    def content_sid(self) -> str | None:
        """The template it is made from."""

    @property
    def content_variables(self) -> str | None:
        """What fills the template's places, as JSON."""

    @property
    def letter(self) -> Mapping[str, Any] | None:
        """What an e-mail is written from."""


def outgoing_of(row: Written) -> Outgoing:
    """What a provider is asked to send."""
    content = None
    if row.content_sid is not None:
        content = Content(row.content_sid, row.content_variables or "{}")
    wire = row.via or row.sender
    return Outgoing(
        row.id, wire, row.address, row.body, row.attempts, content, row.account, row.letter
    )
