"""A message as a Slack-compatible webhook takes it, and the call that hands it over."""

from __future__ import annotations

import json
from typing import Any

import certifi
import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)

from feedback.alerts.address import NoAddress, Resolve, Target, resolve, target
from feedback.alerts.message import Item, Message, shortened
from feedback.alerts.ways import Fate, Outcome
from models.errors import InvalidInput

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
HEADERS = {"Content-Type": "application/json", "User-Agent": "Waymark"}
_HEADER, _SECTION = 150, 2900
_NEVER_REACHED = (ConnectTimeoutError, NewConnectionError, NameResolutionError, SSLError)


def payload(message: Message) -> dict[str, Any]:
    """`text` for whoever shows only that, `blocks` for those who show more."""
    blocks: list[dict[str, Any]] = [
        {
            "type": "header",
            "text": {"type": "plain_text", "text": shortened(message.title, _HEADER)},
        }
    ]
    if message.lead:
        blocks.append(_section(_safe(message.lead)))
    for item in message.items:
        blocks += _item(item, message.heading(item))
    foot = f"{_safe(message.more)} {_link(message.link, message.look)}".strip()
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": foot}]})
    lines = [message.subject, *(item.sentence for item in message.items), message.link]
    return {"text": _safe("\n".join(lines)), "blocks": blocks}


def _item(item: Item, heading: str) -> list[dict[str, Any]]:
    mark = f"_{_safe(item.mark)}_" if item.mark else ""
    figures = " · ".join(filter(None, (mark, _safe(item.figures))))
    lines = [f"*{_safe(heading)}*" if heading else "", _safe(item.sentence), figures]
    lines += [f"> {_safe(quote)}" for quote in item.quotes]
    lines.append(_link(item.link, item.look))
    return [_section("\n".join(line for line in lines if line))]


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": shortened(text, _SECTION)}}


def _safe(text: str) -> str:
    """The three signs that mean something there; a customer's words must call nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _link(address: str, words: str) -> str:
    return f"<{_safe(address).replace('|', '%7C')}|{_safe(words)}>"


def send(url: str, message: Message, private: bool, resolve: Resolve = resolve) -> Outcome:
    """Hand the message over once; redirects are not followed, for they might lead inside."""
    try:
        where = target(url, private, resolve)
    except InvalidInput as error:
        # a name that does not resolve now may do so later; what is refused stays refused
        fate = Fate.AGAIN if isinstance(error, NoAddress) else Fate.REFUSED
        return Outcome(fate, str(error))
    body = json.dumps(payload(message)).encode()
    try:
        with _pool(where) as pool:
            reply = pool.urlopen(
                "POST",
                where.path,
                body=body,
                headers={**HEADERS, "Host": _host(where)},
                redirect=False,
                retries=False,
                preload_content=False,
            )
            return _judged(reply.status)
    except _NEVER_REACHED as error:
        return Outcome(Fate.AGAIN, f"{where.host} could not be reached ({_kind(error)})")
    except HTTPError as error:
        return Outcome(Fate.UNKNOWN, f"{where.host} did not answer ({_kind(error)})")


def _pool(where: Target) -> urllib3.HTTPConnectionPool:
    """Connections to the address that was checked, in the name of the host."""
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    if not where.tls:
        return urllib3.HTTPConnectionPool(where.address, where.port, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        where.address,
        where.port,
        timeout=timeout,
        ca_certs=certifi.where(),
        server_hostname=where.host,
        assert_hostname=where.host,
    )


def _host(where: Target) -> str:
    usual = 443 if where.tls else 80
    name = f"[{where.host}]" if ":" in where.host else where.host
    return name if where.port == usual else f"{name}:{where.port}"


def _judged(status: int) -> Outcome:
    """What an answer means."""
    if 200 <= status < 300:
        return Outcome(Fate.SENT)
    if 300 <= status < 400:
        return Outcome(Fate.REFUSED, f"it answered {status}: moved. Copy its new address here.")
    if status in {408, 425, 429} or status >= 500:
        return Outcome(Fate.AGAIN, f"it answered {status}")
    return Outcome(Fate.REFUSED, f"it answered {status}: it does not take messages any more")


def _kind(error: Exception) -> str:
    """An error's name without what it quotes: a webhook's address is a secret."""
    return type(error).__name__.removesuffix("Error")
