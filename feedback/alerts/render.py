"""A message as plain text and as the HTML of an e-mail."""

from __future__ import annotations

import textwrap
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from feedback.alerts.message import Item, Message

_WIDTH = 76
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(message: Message) -> str:
    """The HTML part: tables and inline colours, for mail programs know little else."""
    return _TEMPLATES.get_template("mail.html").render(message=message)


def plain(message: Message) -> str:
    """The same in plain text."""
    parts = [message.title, "=" * min(_WIDTH, len(message.title)), ""]
    if message.lead:
        parts += [_filled(message.lead), ""]
    for item in message.items:
        parts += [*_item(item, message.heading(item)), ""]
    if message.more:
        parts += [message.more, ""]
    parts += [f"{message.look}: {message.link}", "", "-- ", _filled(message.foot)]
    parts.append(f"Who gets it: {message.frame.settings}")
    return "\n".join(parts) + "\n"


def _item(item: Item, heading: str) -> list[str]:
    lines = [f"* {heading}"] if heading else []
    lines.append(_filled(item.sentence))
    lines.append(f"({item.mark}; {item.figures})" if item.mark else f"({item.figures})")
    lines += [_filled(f"“{quote}”", "    ") for quote in item.quotes]
    lines.append(f"{item.look}: {item.link}")
    return lines


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
