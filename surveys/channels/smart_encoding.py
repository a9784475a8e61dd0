"""Typographic signs replaced by their GSM-7 equals, so that one curly quote doesn't halve an SMS.

Letters stay as they are: a name without its accents is another name. A text that would need UCS-2
all the same, for an emoji or a letter, keeps its signs: giving them up would save nothing.
"""

from __future__ import annotations

import unicodedata

from surveys.channels.segments import is_gsm

_EQUALS = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb"
    "\u00b4\u0060\u2039\u203a\u275b\u275c",
    '"': "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u02ba\u02ee\u275d\u275e\u301d"
    "\u301e\u301f",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2022\u2023\u00b7\u2219\u23bc\u23bd"
    "\ufe58\ufe63",
    "...": "\u2026\u22ef",
    "..": "\u2025",
    "!!": "\u203c",
    "?!": "\u2048",
    "!?": "\u2049",
    "/": "\u2044\u2215\u29f8\u00f7",
    "\\": "\u29f5\u29f9\u2216",
    "x": "\u00d7",
    "*": "\u2217\u204e\u22c6",
    "~": "\u223c\u02dc\u301c",
    "^": "\u02c6",
    "|": "\u2223\u00a6",
    "_": "\u2017",
    ",": "\u3001",
    ".": "\u3002",
    ":": "\u2236\ua789",
    ";": "\u204f",
    "1/4": "\u00bc",
    "1/2": "\u00bd",
    "3/4": "\u00be",
    "(c)": "\u00a9",
    "(R)": "\u00ae",
    "TM": "\u2122",
    "\n": "\u2028\u2029\u0085\u000b",
    " ": "\t",
}
_TABLE = {ord(sign): equal for equal, signs in _EQUALS.items() for sign in signs}


def to_gsm(text: str) -> str:
    """The text in GSM-7, where replacing signs alone brings it there; else the text itself."""
    if is_gsm(text):
        return text
    composed = unicodedata.normalize("NFC", text)
    replaced = "".join(map(_plain, composed.translate(_TABLE)))
    return replaced if is_gsm(replaced) else text


def _plain(char: str) -> str:
    """A space for any space, nothing for what is invisible, ASCII for its full-width form."""
    if is_gsm(char):
        return char
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if category in ("Cf", "Cc"):
        return ""
    return unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char
