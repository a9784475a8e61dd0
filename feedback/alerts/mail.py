"""A message as an e-mail of two parts, and the call that hands it to the mail server."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from feedback.alerts.message import Message, one_line
from feedback.alerts.render import html, plain
from feedback.alerts.ways import Fate, Outcome, Server, Step, Ways

SECONDS = 20.0
NO_SERVER = "no mail server is set: set SMTP_URL and start Waymark again"


def letter(message: Message, sender: str, to: str, key: str, now: datetime) -> EmailMessage:
    """The e-mail; nothing in it is loaded from outside.

    `key` makes its id, so that a mail program shows one that came twice once.
    """
    mail = EmailMessage()
    user, _, domain = sender.rpartition("@")
    mail["From"] = Address(one_line(message.frame.company), user, domain)
    mail["To"] = to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{key}@{domain}>" if key else make_msgid(domain=domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain(message))
    mail.add_alternative(html(message), subtype="html")
    return mail


def send(ways: Ways, mail: EmailMessage) -> Outcome:
    """Hand the mail over once, and say what became of it.

    Up to the moment the words themselves are sent, whatever fails has sent nothing; after it,
    only the server's own answer says so, and without one nobody knows.
    """
    if ways.server is None:
        return Outcome(Fate.AGAIN, NO_SERVER)
    try:
        server = _connected(ways.server)
        try:
            return _announced(server, mail) or _handed_over(server, mail)
        finally:
            _leave(server)
    except smtplib.SMTPAuthenticationError as error:
        words = f"the mail server refused the user and password ({error.smtp_code})"
        return Outcome(Fate.AGAIN, words, Step.LOGIN)
    except (smtplib.SMTPException, OSError) as error:
        place = f"{ways.server.host}:{ways.server.port}"
        return Outcome(
            Fate.AGAIN, f"the mail server at {place} could not be used ({_words(error)})"
        )


def _connected(server: Server) -> smtplib.SMTP:
    """A connection ready to send; a password never travels in the clear past this machine."""
    trust = ssl.create_default_context()
    if server.tls:
        made: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=trust
        )
    else:
        made = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        made.ehlo()
        if not server.tls and made.has_extn("starttls"):
            made.starttls(context=trust)
            made.ehlo()
        elif not server.tls and server.password and not _here(server.host):
            raise smtplib.SMTPNotSupportedError("it offers no TLS, so the password was not sent")
        if server.user:
            made.login(server.user, server.password)
    except BaseException:
        made.close()
        raise
    return made


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; whatever is answered changes nothing of what became of the mail."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _here(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}


def _announced(server: smtplib.SMTP, mail: EmailMessage) -> Outcome | None:
    """Say from whom and to whom; what the server has against it, else None."""
    sender = mail["From"].addresses[0].addr_spec
    recipient = mail["To"].addresses[0].addr_spec
    for step, say in ((Step.SENDER, server.mail), (Step.RECIPIENT, server.rcpt)):
        code, words = say(sender if step is Step.SENDER else recipient)
        if code not in {250, 251}:
            return _refusal(code, words, step)
    return None


def _handed_over(server: smtplib.SMTP, mail: EmailMessage) -> Outcome:
    try:
        code, words = server.data(mail.as_bytes(policy=mail.policy.clone(linesep="\r\n")))
    except smtplib.SMTPDataError as error:
        return _refusal(error.smtp_code, error.smtp_error, Step.CONTENT)
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(Fate.UNKNOWN, f"the connection broke while it was sent ({_words(error)})")
    return Outcome(Fate.SENT) if code == 250 else _refusal(code, words, Step.CONTENT)


def _refusal(code: int, words: bytes | str, step: Step) -> Outcome:
    """4xx: not now; 5xx: not ever."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    fate = Fate.REFUSED if code >= 500 else Fate.AGAIN
    return Outcome(fate, f"the mail server answered {code}: {' '.join(text.split())[:200]}", step)


def _words(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return " ".join(text.split())[:200]
