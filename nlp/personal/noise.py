"""Numbers that are nobody's: dates, times, prices, measures, addresses on the web."""

from __future__ import annotations

import re

from nlp.personal.folded import BLANK

_MONEY = (
    r"eur(?:os?)?|usd|gbp|chf|pln|brl|d[oó]lar(?:es)?|dollars?|pounds?|quid|reais|reales|z[lł]|kr"
)
_UNIT = (
    r"%|k?m|cm|mm|kg|g|l|ml|kwh|gb|mb|px|min(?:s|utes?|uten|uti|utos)?|hours?|hrs?|days?|weeks?"
    r"|months?|years?|points?|steps?|views|followers|people|times|stars"
    r"|stunden?|tagen?|wochen?|jahren?|punkte|uhr|mal"
    r"|heures?|jours?|semaines?|ans|fois|horas?|d[ií]as?|semanas?|a[nñ]os?|veces"
    r"|ore|giorni|settimane|anni|volte|dias?|anos?|vezes"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
_NOISE = re.compile(
    # a web address, unless it is there to be called
    r"(?P<web>(?<!\w)(?!https?://(?:wa\.me|api\.whatsapp))(?:https?://|www\.)\S++)"
    r"|(?P<key>(?<!\w)[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?!\w))"
    r"|(?P<price>(?:[$\u00a3\u20ac\u00a5\u20b9]|R\$) ?\d++(?:[.,']\d{3}(?!\d))*+"
    r"(?:(?: \d{3}(?!\d))++(?![ .\-]\d))?+(?:[.,]\d{1,2}(?!\d))?)"
    r"|(?P<hash>#\d{4,}+(?![ .\-/]?\d))"
    # 2026-11-21, 21.11.2026, 21/11/26, and a span of years
    rf"|(?P<date>(?<![\w.+/-]){_YEAR}(?P<split>[-/.]){_DAY}(?P=split){_DAY}(?![\w/-])"
    rf"|(?<![\w.+/-]){_DAY}(?P<cut>[-/.]) ?{_DAY}(?P=cut) ?(?:{_YEAR}|\d\d)(?![\w/-]|\.\d)"
    rf"|(?<![\w.+/-]){_YEAR} ?[-/] ?{_YEAR}(?!\w|[./-]\d))"
    r"|(?P<time>(?<!\w)\d{1,2}:\d{2}(?::\d{2})?(?!\w)"
    r"|(?<![\d.:])(?<!\d )\d{1,2} ?(?:[ap]\.?m\.?|uhr)(?!\w))"
    r"|(?P<machine>(?<![\w.])(?!(?:\d\d\.){3}\d\d(?!\d))\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.]))"
    # 1 200 000 euros, 4500000 views
    rf"|(?P<measure>(?<![\w+.(/-])(?<!\d )(?!0)(?:"
    rf"\d++(?: \d{{3}}(?!\d)){{0,3}}+(?:[.,]\d{{1,2}})? ?(?:[\u20ac$\u00a3]|(?:{_MONEY})(?!\w))"
    rf"|\d{{1,7}}+(?: \d{{3}}(?!\d))?+ ?(?:{_UNIT})(?!\w)))",
    re.IGNORECASE,
)


def without_noise(text: str) -> str:
    """Folded text with the numbers that are no phone's and nobody's id blanked."""
    return _NOISE.sub(lambda match: BLANK * len(match[0]), text)
