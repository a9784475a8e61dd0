"""Which language a comment is in; short comments often cannot say, and then it says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from nlp.reading import UNDETERMINED

READ = "en"
SURE = 0.7
SHORT_LETTERS = 20
SHORT_SURE = 0.97
SHORT_SHARE = 0.25
LONG_SHARE = 0.4
NOT_ENGLISH = 0.02
_CODES = (
    "ar bg bn ca cs cy da de el en es et fa fi fr ga he hi hr hu id it ja ko lt lv ms nl no pl pt"
    " ro ru sk sl sq sr sv sw ta th tl tr uk ur vi zh"
)
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*\Z")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_COMMON = (
    "the and was is are it's its i i'm i've my me we our you your they them their she he her him "
    "this that these there have has had been be did didn't don't do does not can't couldn't won't "
    "would will with without from for of to very really too so such just still always never "
    "everything nothing anything something everyone nobody someone good great nice lovely amazing "
    "excellent brilliant awesome fantastic perfect wonderful happy pleased helpful friendly polite "
    "kind caring rude bad poor terrible awful horrible worst best better worse slow fast quick "
    "quickly late early delivery delivered parcel package order ordered ordering product quality "
    "price prices expensive cheap value money staff service customer support team driver website "
    "app site checkout payment refund return returns email phone call waiting waited wait queue "
    "time hours days weeks appointment easy hard difficult broken damaged missing wrong arrived "
    "thank thanks please love loved like liked hate disappointed disappointing recommend again "
    "more less all ok okay fine what when where why how who which work works worked working "
    "clean dirty food room doctor nurse bus train flight hotel shop store"
)
_ENGLISH = frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True)
class Language:
    """ISO 639-1 code, "und" where it cannot be told, and whether the reader should read it."""

    code: str
    read: bool


def identify(text: str, hint: str | None = None) -> Language:
    """The language of cleaned text; a valid hint (a language tag) decides.

    English is read, and so is text in Latin letters too short to tell from English.
    """
    tag = _TAG.match(hint.strip()) if hint else None
    if tag:
        return Language(tag[1].lower(), tag[1].lower() == READ)
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    letters = sum(map(len, words))
    if not letters:
        return Language(UNDETERMINED, False)
    english = sum(word in _ENGLISH for word in words) / len(words)
    if english >= (SHORT_SHARE if letters < SHORT_LETTERS else LONG_SHARE):
        return Language(READ, True)
    return _ranked(text, letters, english)


def _ranked(text: str, letters: int, english: float) -> Language:
    """What the character statistics say, believed only as far as so many letters allow."""
    ranking = _identifier().rank(text)
    code, probability = ranking[0]
    of_english = next(p for candidate, p in ranking if candidate == READ)
    if code == READ and (english or probability >= SURE):
        return Language(READ, True)
    if of_english >= NOT_ENGLISH or (letters < SHORT_LETTERS and probability < SHORT_SURE):
        return Language(UNDETERMINED, _mostly_latin(text))
    return Language(str(code) if probability >= SURE else UNDETERMINED, False)


def _mostly_latin(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    latin = sum(character < "\u0250" for character in letters)
    return bool(letters) and latin >= 0.5 * len(letters)


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CODES.split())
    return identifier
