"""Postal addresses: a street with its number, and postcodes; in six languages, by their habits.

Known limits, for the sake of ordinary sentences: a street without a number, a house that only has
a name, a number in words, a street in lower case in most languages, and five digits with a town
after them but no street before them are not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal.folded import Span
from nlp.personal.postcodes import ALONE, NAME, NAMED, TAIL

_NUMBER = r"\d{1,4}(?:[A-Za-z]| [A-H])?(?!\w|[.,:]\d)"
# After the last number of a street: nothing that makes it a quantity.
_QUANTITY = (
    r"(?! ?(?:[%\u20ac$\u00a3]|(?i:min\w*|h|hours?|days?|weeks?|months?|years?|times|ago|stars"
    r"|stunden?|tage?n?|wochen?|monaten?|jahren?|euros?|uhr|mal|heures?|jours?|semaines?|mois|fois"
    r"|ans|horas?|d[i\u00ed]as?|semanas?|veces|a[n\u00f1]os?|ore|giorni|settimane|volte|anni|mes"
    r"|meses|vezes|km|people|persone|personas|pessoas|items?)(?!\w)))"
)
_SMALL = r"(?:de la|de l'|of|the|des?|du|l[aes]s?|del|los|el|d[ao]s?|di|della|dei|e|y|et|a|l'|d')"
_NAMES = rf"(?:{_SMALL} ?)?{NAME}(?: (?:{_SMALL} ?)?{NAME}){{0,3}}"
_HOUSE = r"(?:n[\u00ba\u00b0.o] ?|n[\u00fau]m(?:ero|\.)? ?|n ?|civico )?"

_EN_KIND = (
    r"Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr(?!\.? [A-Z][a-z])|Close|Court|Ct|Way|Place|Pl"
    r"|Square|Sq|Crescent|Cres|Terrace|Gardens|Gdns|Grove|Mews|Boulevard|Blvd|Highway|Hwy|Parkway"
    r"|Pkwy|Quay|Wharf"
)
_NO_NAME = (
    r"(?!(?i:way|lane|minutes?|mins?|hours?|days?|weeks?|miles?|met(?:re|er)s?|km|stars?|the|in|on"
    r"|at|to|by|from|off|down|up|across|along|and|or|of|a|an|busy|main|other|different|people|cars"
    r"|side|google|hard|test|flash|thumb|usb)(?!\w))"
)
_FLAT = r"(?:(?i:flat|apt\.?|apartment|unit|suite) ?\w{1,5},? )?"
_ENGLISH = (
    (
        rf"{_FLAT}\d{{1,5}}(?:[A-Za-z]|[-/]\d{{1,5}})?,? (?:[NSEW]\.? )?(?:The "
        rf"|(?:{_NO_NAME}(?:{NAME}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,3}}?)(?:{_EN_KIND})(?!\w)"
        r"(?:\.(?=,| [a-z]))?"
        r"(?:,? (?:Apt|Unit|Suite|Flat|#)\.? ?\w{1,5}(?!\w))?"
    ),
    (
        rf"\d{{1,5}}[A-Za-z]? (?:{_NO_NAME}[a-z]{{3,20}} ){{1,2}}"
        r"(?:street|road|avenue|crescent|boulevard)(?!\w)"
    ),
    r"(?i:p\.?o\.? ?box) \d{1,6}",
)
_NO_STREET = (
    r"(?!(?:Um|Heim|Hin|R\u00fcck|Fu\u00df|Arbeits|Park|Sitz|Stell|Liege|Steh|Schreib|Spiel|Rad"
    r"|Camping|Fenster|Gang|Mittel|Aus|Lade|Tank|Bahn|Weiter|Warte|Tabellen|Listen|Vor)"
    r"(?:weg|platz|steig|ring))"
)
_GERMAN = (
    (
        rf"{_NO_STREET}[A-Z\u00c0-\u00de][\w\-]{{2,30}}?"
        r"(?:stra(?:\u00df|ss)e|str\.?|weg|platz|allee|gasse|ring|damm|ufer|chaussee|graben)"
        rf" ?{_NUMBER}{_QUANTITY}"
    ),
    rf"[a-z\u00df-\u00ff]{{3,30}}?(?:stra(?:\u00df|ss)e|str\.) ?{_NUMBER}{_QUANTITY}",
    rf"{NAME}[ -](?:{NAME}[ -])?(?:Stra(?:\u00df|ss)e|Str\.|Allee|Damm) {_NUMBER}{_QUANTITY}",
    r"Postfach \d\d(?: ?\d\d){0,2}(?!\d)",
)
_FRENCH = (
    r"\d{1,4}(?: ?(?:bis|ter|[A-D])(?!\w))?,? (?i:rue|avenue|av\.|boulevard|bd|bld|place|chemin"
    r"|all[\u00e9e]e|impasse|quai|route|cours|square|passage|ruelle) " + _NAMES
)
_SPANISH = (
    r"(?i:c/ ?|(?:calle|avenida|avda\.?|av\.|plaza|pza\.?|paseo|carretera|camino|ronda"
    rf"|traves[\u00edi]a) ){_NAMES},? {_HOUSE}{_NUMBER}{_QUANTITY}"
)
_ITALIAN = (
    r"(?i:via|viale|v\.le|piazza|p\.zza|piazzale|corso|c\.so|largo|vicolo|strada)"
    r"(?! (?i:e-?mail|paypal|whatsapp|sms|app|amazon|google|internet|dhl|ups|zoom|teams|live"
    r"|visa|gate|terminal)(?!\w))"
    rf" (?!(?:{NAME} )+(?:Terminal|Gate|Platform|Exit|Junction)){_NAMES},? {_HOUSE}{_NUMBER}"
    rf"{_QUANTITY}"
)
_PORTUGUESE = (
    r"(?i:rua|r\.|avenida|av\.|travessa|pra[\u00e7c]a|largo|alameda|estrada|rodovia|beco)"
    rf" {_NAMES},? {_HOUSE}{_NUMBER}{_QUANTITY}"
)
_STREETS = (*_ENGLISH, *_GERMAN, _FRENCH, _SPANISH, _ITALIAN, _PORTUGUESE)
_RULES = tuple(re.compile(rf"(?<!\w)(?:{street}){TAIL}") for street in _STREETS)
_POSTCODES = tuple(map(re.compile, ALONE))
_NAMED = re.compile(NAMED)


def addresses(text: str) -> Iterator[Span]:
    """Streets with their numbers and the postcode after them, and postcodes that stand alone."""
    found = [match.span() for rule in (*_RULES, *_POSTCODES) for match in rule.finditer(text)]
    found += [match.span("code") for match in _NAMED.finditer(text)]
    start, end = -1, -1
    for next_start, next_end in sorted(found):
        if next_start <= end:
            end = max(end, next_end)
            continue
        if end > 0:
            yield start, end
        start, end = next_start, next_end
    if end > 0:
        yield start, end
