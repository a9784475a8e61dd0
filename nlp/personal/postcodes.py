"""Postcodes, and the town beside them, as they follow an address or stand alone."""

from __future__ import annotations

_UK_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E"
    " EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL"
    " LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM"
    " SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_US_STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM"
    " NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC"
)
NAME = r"[A-Z\u00c0-\u00de](?:[a-z]{0,2}\.|[\w'\u2019\-]{0,30})"
"""A word with a capital letter, or a short one with a full stop."""
_LINK = r"(?:de la|de|la|le|del|di|do|da|an der|am|im|sur|upon|on)"
TOWN = rf"{NAME}(?:[ -](?:{_LINK}[ -])?{NAME}){{0,2}}"
"""A town's name, up to a few words: only where a postcode after it says that it is one."""
TOWN_AFTER = rf"{NAME}(?:[ -]{_LINK}[ -]{NAME})?"
"""A town's name behind its postcode, where the next sentence may begin with a capital."""

# 8GB is memory, not the end of a postcode.
UK = rf"(?:{'|'.join(_UK_AREAS.split())})\d[\dA-HJKMNP-Y]? ?\d(?!GB)[ABD-HJLNP-UW-Z]{{2}}"
US = rf"(?:{'|'.join(_US_STATES.split())}),? \d{{5}}(?:-\d{{4}})?"
BEFORE_TOWN = r"(?:(?:[A-Z]{1,2}-)?\d{5}(?:-\d{3})?|\d{4}-\d{3})"
"""Postcodes that stand before the town: German, French, Spanish, Italian, Portuguese, Brazilian."""
_GAP = r"[ ,\n]{1,3}(?:- )?"
TAIL = (
    rf"(?:{_GAP}(?:{BEFORE_TOWN}(?!\w)(?:[ ,]{{1,2}}{TOWN_AFTER})?"
    rf"|(?:{TOWN}{_GAP}){{0,2}}(?:{UK}|{US}|\d{{5}}-\d{{3}})(?!\w)))?"
)
"""The postcode and town after a street, where there is a postcode."""
_NAMED = (
    r"(?i:post ?code|zip(?: ?code)?|plz|postleitzahl|code postal|c[o\u00f3]digo postal|cap|cep)"
)
ALONE = (
    rf"(?<!\w){UK.replace(' ?', ' ')}(?!\w)",
    rf"(?<!\w){TOWN}, {US}(?!\w)",
    rf"(?<!\w)\d{{4}}-\d{{3}} {TOWN_AFTER}",
    rf"(?<!\w)[DFI]-\d{{5}}(?: {TOWN_AFTER})?(?!\w)",
)
"""Postcodes that say enough on their own."""
NAMED = (
    rf"(?<!\w){_NAMED}(?:[ :]| is| ist| est| es| \u00e8| \u00e9){{0,4}}"
    rf"(?P<code>(?i:{UK})|\d{{5}}(?:-\d{{3,4}})?|\d{{4}}-\d{{3}})(?!\w)"
)
"""A postcode behind the word for it."""
