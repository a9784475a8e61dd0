"""Payment cards and bank accounts, told from other long numbers by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from stdnum import iban, luhn, numdb

from nlp.personal.folded import Span
from nlp.personal.runs import Run, runs

_ISSUERS = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"30[0-5]|3[689]"), (14,)),
    (re.compile(r"35(?:2[89]|[3-8])"), (16,)),
    (re.compile(r"6(?:011|4[4-9]|5|2)"), (16, 17, 18, 19)),
    (re.compile(r"5[06-8]|6[37]"), (16, 17, 18, 19)),
)
_START = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z\d])")
_CHARACTER = re.compile(r"[ -]?([A-Za-z\d])")
_FOURS = re.compile(r"[A-Z]{2}\d{2}(?: [A-Z\d]{4}){2,}(?: [A-Z\d]{1,4})?")
_NAMED = re.compile(r"(?<!\w)iban\W{0,3}(?:\w{1,9}\W{1,3})?\Z", re.IGNORECASE)
_FIELD = re.compile(r"(\d+)![nac]")


def cards(text: str) -> Iterator[Span]:
    """Numbers of payment cards: an issuer's first digits, its length and the Luhn digit."""
    for run in runs(text):
        i = 0
        while i < len(run.groups):
            start, end = run.groups[i]
            # in one piece, or four digits first
            ends = run.ends(i, 19, 13) if end - start in (4, *range(13, 20)) else ()
            j = next((j for j in ends if _is_card(run, i, j) and run.plainly_joined(i, j)), 0)
            if j:
                yield run.groups[i][0], run.groups[j - 1][1]
            i = j or i + 1


def _is_card(run: Run, i: int, j: int) -> bool:
    shape, digits = run.shape(i, j), run.digits(i, j)
    if len(shape) > 1 and (min(shape[:-1]) < 4 or len(shape) > 5):
        return False
    issued = any(len(digits) in lengths and start.match(digits) for start, lengths in _ISSUERS)
    return issued and luhn.is_valid(digits)


def ibans(text: str) -> Iterator[Span]:
    """Bank accounts in IBAN form, of the length that their country has."""
    last = 0
    for match in _START.finditer(text):
        length = iban_lengths().get(match[0][:2].upper())
        if length is None or match.start() < last:
            continue
        end = _end(text, match.end(), length - len(match[0]))
        if not end:
            continue
        if _sure(text, match.start(), end):
            yield match.start(), end
            last = end


def _sure(text: str, start: int, end: int) -> bool:
    """A slip is forgiven in what is written in fours, or behind the word IBAN."""
    if _NAMED.search(text, max(0, start - 20), start):
        return True
    return bool(_FOURS.fullmatch(text, start, end)) or iban.is_valid(text[start:end])


def _end(text: str, at: int, wanted: int) -> int:
    """Where so many letters and digits more end, if a word ends there; else 0."""
    for _ in range(wanted):
        match = _CHARACTER.match(text, at)
        if match is None:
            return 0
        at = match.end()
    return 0 if at < len(text) and text[at].isalnum() else at


@cache
def iban_lengths() -> dict[str, int]:
    """How long an IBAN of each country is, from the register's structure of its account."""
    found = {}
    for _, country, _, properties, _ in numdb.get("iban").prefixes:
        found[country] = 4 + sum(map(int, _FIELD.findall(properties["bban"])))
    return found
