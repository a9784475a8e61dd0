"""E-mail as a channel of surveys: a letter handed to the mail server, and what it said of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from feedback.alerts import mail
from feedback.alerts.message import one_line
from feedback.alerts.ways import Fate, Step, Ways
from feedback.alerts.ways import Outcome as Answer
from surveys.channels.gateway import (
    Accepted,
    Outcome,
    Outgoing,
    Refused,
    RetryLater,
    Unknown,
)
from surveys.channels.mailbox import ByMail
from surveys.letters.letter import Letter, plain
from surveys.letters.render import html

SMTP = "smtp"


@dataclass(frozen=True)
class SmtpGateway(ByMail):
    """Hands letters to the mail server of `ways`; `now` dates them."""

    ways: Ways
    now: Callable[[], datetime]
    name: str = SMTP

    def send(self, outgoing: Outgoing) -> Outcome:
        """Hand one letter over and say what came of it."""
        if self.ways.server is None:
            return Refused("mail_no_server")
        written = envelope(outgoing, self.ways.sender, self.now())
        return outcome_of(mail.send(self.ways, written), str(written["Message-ID"]))


def envelope(outgoing: Outgoing, sender: str, now: datetime) -> EmailMessage:
    """The e-mail of two parts; its id is the message's own, whichever try this is.

    The way out stands in its head too, for the mail program's own button (RFC 8058).
    """
    letter = Letter.from_json(outgoing.letter or {})
    user, _, domain = sender.rpartition("@")
    written = EmailMessage()
    written["From"] = Address(one_line(letter.company), user, domain)
    written["To"] = outgoing.address
    written["Subject"] = one_line(letter.subject)
    written["Date"] = format_datetime(now)
    written["Message-ID"] = f"<{mail_id(outgoing)}@{domain}>"
    written["List-Unsubscribe"] = f"<{letter.stop_link}>"
    written["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    written["Auto-Submitted"] = "auto-generated"
    written.set_content(plain(letter))
    written.add_alternative(html(letter), subtype="html")
    return written


def mail_id(outgoing: Outgoing) -> str:
    """The part before the @ of a Message-ID: our row, and what no other installation has."""
    link = Letter.from_json(outgoing.letter or {}).link
    return f"waymark.{outgoing.message_id}.{hashlib.sha256(link.encode()).hexdigest()[:16]}"


def outcome_of(answer: Answer, message_id: str) -> Outcome:
    """What a mail server's answer means for the message, the address and the sender.

    Only a refusal of the address itself, for good, says that the address is dead: a refusal by
    the server's rules (5.7.x) may be about us.
    """
    if answer.fate is Fate.SENT:
        return Accepted(message_id.strip("<>").partition("@")[0], "sent")
    if answer.fate is Fate.UNKNOWN:
        return Unknown("mail_broken_off")
    if answer.step is Step.LOGIN:
        return Refused("mail_login")
    if answer.fate is Fate.AGAIN:
        return RetryLater(_AGAIN.get(answer.step, "mail_busy"))
    if answer.step is Step.RECIPIENT and " 5.7." in f" {answer.words}":
        return Refused("mail_policy")
    return Refused(_NEVER.get(answer.step, "mail_content"))


_AGAIN = {Step.CONNECTION: "mail_unreachable", Step.RECIPIENT: "mail_not_now"}
_NEVER = {
    Step.SENDER: "mail_sender",
    Step.RECIPIENT: "mail_refused",
    Step.CONTENT: "mail_content",
}
