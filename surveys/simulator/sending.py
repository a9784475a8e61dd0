"""A request to send: what it asks for, and why it may be refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from surveys.simulator.account import Account, plain
from surveys.simulator.numbers import REFUSING, is_number
from surveys.simulator.opt_outs import OptOuts
from surveys.simulator.problems import Problem

LONGEST = 1600
_CONTENT = re.compile(r"HX[0-9a-fA-F]{32}")


@dataclass(frozen=True)
class Asked:
    """What is to be sent: by a `sender` of one's own or by a `service`.

    `content` is a template, whose own words are not known here.
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
        body=form.get("Body") or _template(form),
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
    if asked.to in REFUSING:
        raise Problem(REFUSING[asked.to])
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


def _template(form: Mapping[str, str]) -> str:
    """What stands in for a template's words: its id and what is filled in."""
    content = form.get("ContentSid")
    return f"{content} {form.get('ContentVariables', '')}".strip() if content else ""


def _words(asked: Asked, form: Mapping[str, str]) -> int | None:
    if not asked.body.strip() and not form.get("MediaUrl"):
        return 21602
    if len(asked.body) > LONGEST:
        return 21617
    if asked.content and not _CONTENT.fullmatch(asked.content):
        return 21655
    parts = urlsplit(asked.callback or "http://none")
    return None if parts.scheme in {"http", "https"} and parts.hostname else 21609


def _sender(asked: Asked, account: Account) -> int | None:
    if asked.service is not None:
        if asked.service not in account.services:
            return 21701
        return None if account.services[asked.service] else 21703
    return None if account.owns(asked.sender or "") else 21606
