"""An SMS that came in: as the provider gave it, and in its place with us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.message import Message


@dataclass(frozen=True)
class Inbound:
    """One message as a provider gave it to us; `body` as it was written.

    Addresses are E.164, by WhatsApp with `whatsapp:` before them. `button` is the id of a button
    that was tapped instead of writing; its words are the body.

    `service` is the provider's pool that `sender_to` belongs to, if any. `opt_out_type` is
    set (STOP, START, HELP) where the provider has answered such a word itself.
    """

    provider: str
    provider_id: str
    sender_to: str
    address_from: str
    body: str
    media_count: int = 0
    opt_out_type: str | None = None
    service: str | None = None
    button: str | None = None


@dataclass(frozen=True)
class Received:
    """What an inbound SMS was taken for: reply, person, unprompted, stop, start, help or nobody.

    `person`: somebody of the team has taken over. `nobody`: no workspace has the number.
    A replay carries the first's kind.
    """

    kind: str
    message_id: int | None = None
    replay: bool = False


@dataclass(frozen=True)
class Behind:
    """A workspace behind the number that an SMS was sent to, and what it knows of the message.

    `sender` is the one that it texts from. `customer_id` is whose phone it came from, `locale`
    theirs. `first` is what the same message was taken for when it came before.
    """

    id: int
    sender: str
    company: str
    default_locale: str
    customer_id: int | None
    locale: str | None
    suppressed: bool
    first: Received | None

    @property
    def language(self) -> str:
        """The language the sender is taken to write."""
        return self.locale or self.default_locale


@dataclass(frozen=True)
class Came:
    """An inbound SMS in its place: its workspace, and who shares the number.

    `via` is the fall-back where it was sent there, and means the workspace's own sender.
    """

    inbound: Inbound
    workspace: Behind
    sharing: Sequence[Behind]
    via: str | None

    @property
    def sender(self) -> str:
        """The workspace's sender, whose exchange this is."""
        return self.workspace.sender


@dataclass(frozen=True)
class Arrival:
    """The same with its row at hand, for what is no answer to a survey."""

    inbound: Inbound
    message: Message
    workspace: Behind
    sharing: Sequence[Behind]
    via: str | None

    @property
    def sender(self) -> str:
        """The workspace's sender, whose exchange this is."""
        return self.workspace.sender

    @property
    def language(self) -> str:
        """The language the sender is taken to write."""
        return self.workspace.language
