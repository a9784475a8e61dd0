"""National identity and tax numbers, checked by their own check digits where they have any."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stdnum.br import cpf
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.us import ssn

from nlp.personal.folded import Span
from nlp.personal.labels import Labels

_NAMES = (
    r"nino|ni (?:number|no)|national insurance|ssn|social security"
    r"|dni|nif|documento de identidad"
    r"|nir|num[eé]ro (?:de )?s[eé]cu(?:rit[eé] sociale)?|s[eé]curit[eé] sociale"
    r"|steuer-?(?:id|identifikationsnummer|nummer)|idnr|ausweis(?:nummer)?"
    r"|codice fiscale|c\.f\."
    r"|contribuinte|n[uú]mero fiscal|cpf"
    r"|passport|passaporte?|pasaporte|passeport|reisepass"
)
_NAMED = re.compile(
    rf"(?<!\w)(?:{_NAMES})(?!\w)"
    r"(?:[\s:#.=\-]|numbers?|num|no|nr|is|ist|est|es|lautet|nummer|n[uú]mero|num[eé]ro|n[°º]"
    r"|\u00e8|\u00e9){0,8}+(?<![^\W_])"
    r"(?P<id>[A-Za-z]{0,3}[ -]?\d(?:[ ./-]?\d){5,13}+(?:[ -]?[A-Za-z])?)(?!\w)",
    re.IGNORECASE,
)
_NOT_NI = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})


def _is_ni(number: str) -> bool:
    return number[:2].upper() not in _NOT_NI and (number.isupper() or " " not in number)


def _is_dni(number: str) -> bool:
    return dni.is_valid(number.replace(".", ""))


def _has_digit(number: str) -> bool:
    return any(map(str.isdigit, number)) and codicefiscale.is_valid(number)


_LETTERS = r"(?<!\w)", r"(?!\w)"
_DIGITS = r"(?<![\w+])(?<!\d[ .\-/,])", r"(?!\w|[ .\-/,]\d)"


def _rule(pattern: str, edges: tuple[str, str], flags: int = 0) -> re.Pattern[str]:
    return re.compile(f"{edges[0]}{pattern}{edges[1]}", flags)


_RULES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        _rule(
            r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ -]?\d{2}){3}[ -]?[A-D]",
            _LETTERS,
            re.IGNORECASE,
        ),
        _is_ni,
    ),
    (_rule(r"\d{3}-\d{2}-\d{4}", _DIGITS), ssn.is_valid),
    (_rule(r"(?:\d{8}|\d{1,2}\.\d{3}\.\d{3})(?:[ -]?[A-Z]|[a-z])", _LETTERS), _is_dni),
    (_rule(r"[XYZxyz][ -]?\d{7}(?:[ -]?[A-Z]|[a-z])", _LETTERS), nie.is_valid),
    (
        _rule(
            r"[12][ .-]?\d{2}[ .-]?\d{2}[ .-]?(?:\d{2}|2[ABab])(?:[ .-]?\d{3}){2}[ .-]?\d{2}",
            _DIGITS,
        ),
        nir.is_valid,
    ),
    (
        _rule(
            r"[A-Z]{3} ?[A-Z]{3} ?[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}"
            r" ?[A-Z][\dLMNP-V]{3}[A-Z]",
            _LETTERS,
            re.IGNORECASE,
        ),
        _has_digit,
    ),
    (_rule(r"\d{3}\.\d{3}\.\d{3}-\d{2}", _DIGITS), cpf.is_valid),
)
# Eleven digits with nothing else about them may be an order's as well.
_ELEVEN = _rule(r"[1-9]\d(?:\d{9}| \d{3} \d{3} \d{3})", _DIGITS)


def national_ids(text: str) -> Iterator[Span]:
    """Every number that is right by a country's rules, or that its name stands before."""
    labels = Labels(text)
    found = [match.span("id") for match in _NAMED.finditer(text)]
    for pattern, is_valid in _RULES:
        found += [
            match.span()
            for match in pattern.finditer(text)
            if is_valid(match[0]) and not labels.is_surely_other(match.start())
        ]
    found += [match.span() for match in _ELEVEN.finditer(text) if _is_eleven(match, labels)]
    last = 0
    for start, end in sorted(found):
        if start >= last:
            yield start, end
            last = end


def _is_eleven(match: re.Match[str], labels: Labels) -> bool:
    if not (idnr.is_valid(match[0]) or (" " not in match[0] and cpf.is_valid(match[0]))):
        return False
    return not labels.is_other(*match.span())
