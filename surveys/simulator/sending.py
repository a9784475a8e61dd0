"""A request to send: what it asks for, and why it may be refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from surveys.channels.addresses import is_whatsapp, plain
from surveys.simulator.account import Account
from surveys.simulator.numbers import REFUSING, is_number
from surveys.simulator.opt_outs import OptOuts
from surveys.simulator.problems import Problem
from surveys.simulator.whatsapp import fits, variables

LONGEST = 1600


@dataclass(frozen=True)
class Asked:
    """What is to be sent: by a `sender` of one's own or by a `service`.

    `content` is the template that its words are made from.
    """

    to: str
    body: str
    sender: str | None
    service: str | None
    callback: str | None
    content: str | None = None

    @property
    def by(self) -> str:
        """The sender or service that it is counted for."""
        return self.service or self.sender or ""


def read(form: Mapping[str, str], account: Account) -> Asked:
    """The request in Twilio's fields; raises Problem where it can't be carried out."""
    asked = Asked(
        to=form.get("To", "").strip(),
        body=_template(form, account) or form.get("Body", ""),
        sender=form.get("From") or None,
        service=form.get("MessagingServiceSid") or None,
        callback=form.get("StatusCallback") or None,
        content=form.get("ContentSid") or None,
    )
    code = _addresses(asked) or _words(asked, form) or _sender(asked, account)
    if code is not None:
        raise Problem(code)
    return asked


def permit(asked: Asked, opt_outs: OptOuts) -> None:
    """Refuse (Problem) what goes to somebody who has stopped this sender."""
    if plain(asked.to) in REFUSING:
        raise Problem(REFUSING[plain(asked.to)])
    if opt_outs.forbids(asked.by, asked.to):
        raise Problem(21610)


def _addresses(asked: Asked) -> int | None:
    if not asked.to:
        return 21604
    if not is_number(plain(asked.to)):
        return 21211
    if not asked.by:
        return 21603
    return 21266 if asked.to == asked.sender else None


def _template(form: Mapping[str, str], account: Account) -> str | None:
    """A template's words with what is filled in; raises Problem where it can't be."""
    content = form.get("ContentSid")
    if not content:
        return None
    template, filled = account.template(content), variables(form.get("ContentVariables"))
    if template is None:
        raise Problem(21655)
    if filled is None or not fits(filled):
        raise Problem(21656)
    return template.filled(filled)


def _words(asked: Asked, form: Mapping[str, str]) -> int | None:
    if not asked.body.strip() and not form.get("MediaUrl"):
        return 21602
    if len(asked.body) > LONGEST:
        return 21617
    parts = urlsplit(asked.callback or "http://none")
    return None if parts.scheme in {"http", "https"} and parts.hostname else 21609


def _sender(asked: Asked, account: Account) -> int | None:
    if asked.service is not None:
        if asked.service not in account.services:
            return 21701
        return None if account.services[asked.service] else 21703
    if account.owns(asked.sender or ""):
        return None
    return 63007 if is_whatsapp(asked.sender or "") else 21606
