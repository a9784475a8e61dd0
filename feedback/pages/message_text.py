"""A message's words as HTML: our own short links can be followed, nothing else is."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_TAIL = re.compile(r"[A-Za-z0-9_-]+")


def linked(text: str, link_start: str) -> Markup:
    """The text with each address that begins with `link_start` as a link in a new tab."""
    before, found, rest = text.partition(link_start)
    if not found:
        return escape(text)
    token = _TAIL.match(rest)
    if token is None:
        return escape(text)
    address = f"{link_start}{token.group()}"
    link = Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(address, address)
    return escape(before) + link + linked(rest[token.end() :], link_start)
