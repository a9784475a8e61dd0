"""E-mail addresses, written as such or spelled out so that machines miss them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal.folded import Span

LONGEST_LOCAL = 64
_NOT_LOCAL = frozenset('@<>"(),;:=/[]{}\x00')
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
# No address ends in a word that is not one of these, when its dots are spelled out.
_ENDS = "com|org|net|edu|gov|io|co|uk|de|fr|es|pt|br|eu|info|app|dev|nl|pl|ch|ie|ca|au"
_AT = r"at|arroba|arobase|chiocciola"
_DOT = r"dot|punkt|point|punto|ponto"
_SPELLED = re.compile(
    rf"(?<![\w.])[\w.+-]{{1,64}}+(?:"
    rf" ?[(\[{{] ?(?:{_AT}) ?[)\]}}] ?[\w-]{{1,63}}+"
    rf"(?:(?: ?[(\[{{] ?(?:{_DOT}) ?[)\]}}] ?| (?:{_DOT}) |\.)[\w-]{{1,63}}+){{1,4}}"
    rf"| (?:{_AT}) [\w-]{{1,63}}(?:(?: (?:{_DOT}) )[\w-]{{1,63}}){{0,3}}"
    rf" (?:(?:{_DOT}) (?:{_ENDS})|punto it)(?!\w))",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Span]:
    """Every address with a local part and a domain that has a dot, from left to right."""
    found = [*_written(text), *_spelled(text)]
    last = 0
    for start, end in sorted(found):
        if start >= last:
            yield start, end
            last = end


def _written(text: str) -> Iterator[Span]:
    """From each @ outwards: looking for the start first would cost a long word squared."""
    last = 0
    at = text.find("@")
    while at >= 0:
        start = _local_start(text, at, last)
        domain = _DOMAIN.match(text, at + 1) if start < at else None
        if domain:
            last = domain.end()
            yield start, last
        at = text.find("@", at + 1)


def _local_start(text: str, at: int, floor: int) -> int:
    start = at
    floor = max(floor, at - LONGEST_LOCAL)
    while start > floor and not (text[start - 1].isspace() or text[start - 1] in _NOT_LOCAL):
        start -= 1
    while start < at and text[start] in "'.!?*_-":
        start += 1
    return start


def _spelled(text: str) -> Iterator[Span]:
    return (match.span() for match in _SPELLED.finditer(text))
