"""Can messages leave from each sender, and do replies to it come to us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from feedback.finding import Finding
from surveys.channels.names import is_name
from surveys.channels.twilio_setup import NumberThere, ServiceThere

INBOUND = "/sms/twilio/inbound"
MOST_NUMBERS = 20
_NUMBER_PAGE = "Phone Numbers > Manage > Active numbers > {} > Messaging configuration"
_SERVICE_PAGE = "Messaging > Services > {}"


@dataclass(frozen=True)
class Ours:
    """What we are set to: our address, the sender of all, and workspaces' own, with whose."""

    public_url: str
    sender: str
    own: Mapping[str, str]

    @property
    def inbound(self) -> str:
        """Where messages from phones are to be told."""
        return f"{self.public_url}{INBOUND}"


class Setup(Protocol):
    """What can be asked of the provider."""

    def number(self, number: str) -> NumberThere | None:
        """One of the account's numbers."""

    def service(self, sid: str) -> ServiceThere | None:
        """A messaging service with its senders."""


def senders(there: Setup, ours: Ours) -> Iterator[Finding]:
    """The sender of all, then each workspace's own."""
    pool: tuple[str, ...] = ()
    if ours.sender.startswith("MG"):
        service = there.service(ours.sender)
        yield service_holds(service, ours.sender)
        if service is not None:
            pool = service.numbers
            yield from _service_tells(there, service, ours)
    elif ours.sender not in ours.own:
        yield from _sender(there, ours, ours.sender, "set by TWILIO_FROM")
    for sender, owners in ours.own.items():
        if sender not in pool:
            yield from _sender(there, ours, sender, f"of {owners}")


def _sender(there: Setup, ours: Ours, sender: str, whose: str) -> Iterator[Finding]:
    if is_name(sender):
        words = f"{whose}, is a name: nobody can reply, so surveys go by link alone"
        yield Finding(f"sender {sender}", True, words)
    elif not sender.startswith("+"):
        words = f"{whose}, is a short code: point its incoming messages to {ours.inbound}"
        yield Finding(f"sender {sender}", True, words)
    else:
        found = there.number(sender)
        yield number_sends(found, sender, whose)
        if found is not None:
            yield number_tells(found, ours.inbound)


def number_sends(found: NumberThere | None, number: str, whose: str) -> Finding:
    """Is a number the account's, and does it send SMS."""
    subject = f"number {number}"
    if found is None:
        mend = "take one of Phone Numbers > Manage > Active numbers, or buy or port it there"
        words = f"{whose}, is not the account's, so nothing leaves from it (21606): {mend}"
        return Finding(subject, False, words)
    if not found.sends_sms:
        words = (
            f"{whose}, is the account's but can't send SMS: take one whose capabilities have SMS"
        )
        return Finding(subject, False, words)
    return Finding(subject, True, f"{whose}, is the account's and sends SMS")


def number_tells(found: NumberThere, inbound: str) -> Finding:
    """Do replies to a number come to us."""
    subject, page = f"webhook of {found.number}", _NUMBER_PAGE.format(found.number)
    if found.application:
        words = f"replies go to the TwiML app {found.application}: {_paste_number(page, inbound)}"
        return Finding(subject, False, words)
    wrong = astray(found.url, found.method, inbound)
    if wrong is None:
        return Finding(subject, True, f"replies come to {inbound}")
    return Finding(subject, False, f"{wrong}: {_paste_number(page, inbound)}")


def service_holds(service: ServiceThere | None, sid: str) -> Finding:
    """Is a service there, with a sender that can be replied to."""
    subject, page = f"service {sid}", _SERVICE_PAGE.format(sid)
    if service is None:
        mend = "copy TWILIO_MESSAGING_SERVICE_SID anew from Messaging > Services"
        return Finding(subject, False, f"the account has no such service (21705): {mend}")
    numbers = len(service.numbers) + len(service.short_codes)
    if numbers:
        many = f"{numbers} numbers" if numbers > 1 else "one number"
        return Finding(subject, True, f"has {many} to send SMS from")
    only = "holds only names, which nobody can reply to" if service.names else "holds no sender"
    words = f"{only} (21703): add a number that sends SMS under {page} > Sender Pool"
    return Finding(subject, False, words)


def _service_tells(there: Setup, service: ServiceThere, ours: Ours) -> Iterator[Finding]:
    """Do replies to a service come to us, by its own webhook or by its numbers'."""
    if not service.as_numbers_have_it:
        yield service_tells(service, ours.inbound)
        return
    for number in service.numbers[:MOST_NUMBERS]:
        found = there.number(number)
        if found is not None:
            yield number_tells(found, ours.inbound)


def service_tells(service: ServiceThere, inbound: str) -> Finding:
    """Do replies to a service with a webhook of its own come to us."""
    subject = f"webhook of {service.sid}"
    wrong = astray(service.url, service.method, inbound)
    if wrong is None:
        return Finding(subject, True, f"replies come to {inbound}")
    page = f"{_SERVICE_PAGE.format(service.sid)} > Integration"
    mend = f"under {page}, choose Send a webhook and paste {inbound} as Request URL, HTTP Post"
    return Finding(subject, False, f"{wrong}: {mend}")


def _paste_number(page: str, inbound: str) -> str:
    return f"under {page}, set A message comes in to Webhook, {inbound}, HTTP POST"


def astray(url: str | None, method: str | None, inbound: str) -> str | None:
    """Where replies go instead; None where they come to us."""
    if not url:
        return "replies go nowhere"
    if url != inbound:
        return f"replies go to {_public_part(url)}"
    return None if method == "POST" else f"replies come by HTTP {method}, not POST"


def _public_part(url: str) -> str:
    """An address without what may be secret in it: a user, a password, a query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
