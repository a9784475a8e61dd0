"""What the words before a number say it is: a phone's, or an order's."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

NEAR = 45
"""How many characters before a number are read."""
CLOSE = 22
"""How far a word may stand from the number that it names."""

_PHONE = (
    r"(?:tele)?phones?|phoned?|call(?:ed|ing)?|ring|rang|dial|text(?:ed)?|tel|mobile|cell(?:phone)?"
    r"|whats ?app|sms|fax|reach(?:ed)?|contact|my number|landline|hotline"
    r"|telefon(?:isch|nummer)?|handy(?:nummer)?|mobil(?:nummer)?|anrufen|r[uü]ckruf|rufnummer"
    r"|erreichbar|erreichen|meine nummer"
    r"|t[eé]l[eé]phone|t[eé]l|portable|r?appel(?:er|ez|ez-moi)|joindre|joignable|mon num[eé]ro"
    r"|tel[eé]fono|tfno|m[oó]vil|celular|ll[aá]m(?:ar|en|enme|ame|adme)|mi n[uú]mero"
    r"|cellulare|chiam(?:are|ate|atemi|ami)|il mio numero"
    r"|telefone|telem[oó]vel|ligar|liguem?(?:-me)?|contacto|contato|meu n[uú]mero"
    r"|telefoon|bellen|mobiel"
)
_OTHER = (
    r"orders?|ordered|purchase|invoice|booking|reservation|ticket|tracking|parcel|package|shipment"
    r"|consignment|delivery|ref(?:erence)?|case|claim|policy|contract|serial|sku|item|model"
    r"|product|article|transaction|receipt|confirmation|voucher|coupon|barcode|code|ean|isbn|imei"
    r"|flight|po|account|customer|member(?:ship)?|id|user|version|meter|asin"
    r"|bestell\w*|auftrag\w*|rechnung\w*|sendung\w*|paket\w*|buchung\w*|vertrag\w*|vorgang\w*"
    r"|kunden\w*|artikel\w*|referenz\w*|beleg\w*|z[aä]hler\w*"
    r"|commande|facture|colis|suivi|r[eé]servation|dossier|r[eé]f[eé]rence|r[eé]f|contrat|client"
    r"|billet|livraison"
    r"|pedido|factura|reserva|env[ií]o|seguimiento|referencia|albar[aá]n|contrato|cliente|billete"
    r"|incidencia|paquete|c[oó]digo"
    r"|ordine|fattura|prenotazione|spedizione|pacco|riferimento|rif|biglietto|contratto|pratica"
    r"|codice"
    r"|encomenda|fatura|nota|rastreio|rastreamento|refer[eê]ncia|protocolo"
    r"|bestelling|bestelnummer|factuur|pakket|zending|boeking"
)
_NAMED = re.compile(rf"(?<!\w)(?:(?P<phone>{_PHONE})|(?P<other>{_OTHER}))(?!\w)", re.IGNORECASE)
_STOP = re.compile(r"[!?;\n]|\.\s(?=[^\W\d_])")
# What may stand between "order" and its number, where nothing else does.
_JOINT = re.compile(
    r"(?:[\s:#.=\-(\u00b0\u00ba/]|numbers?|num|no|nr|id|code|ref|is|was|ist|war|lautet|est|es|nummer"
    r"|n[uú]mero|num[eé]ro|n|di|de|do|da|\u00e8|\u00e9|of|the)*+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\W{0,3}(?:(?:is|was|ist|war|est|es|\u00e8|\u00e9) (?:\w{1,8} ){0,2}|\()"
    rf"(?:{_OTHER})(?!\w)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Labels:
    """The words of one text that name numbers; found once, when first asked for."""

    text: str
    names: list[re.Match[str]] | None = None
    ends: list[int] = field(default_factory=list)

    def is_phone(self, start: int) -> bool:
        """Whether a word right before names a phone: then any number long enough is one."""
        name = self._last(start)
        return name is not None and name.lastgroup == "phone" and start - name.end() <= CLOSE

    def is_other(self, start: int, end: int) -> bool:
        """Whether the words around speak of an order, a ticket: a number alone is that."""
        name = self._last(start)
        if name is not None:
            return name.lastgroup == "other"
        return _AFTER.match(self.text, end) is not None

    def is_surely_other(self, start: int) -> bool:
        """Whether a word names this very number as an order's: "order no. 0161 496 0842"."""
        name = self._last(start)
        if name is None or name.lastgroup != "other":
            return False
        joint = _JOINT.match(self.text, name.end(), start)
        return joint is not None and joint.end() == start

    def _last(self, start: int) -> re.Match[str] | None:
        """The last word before that says what the number is, in its sentence."""
        if self.names is None:
            self.names = list(_NAMED.finditer(self.text))
            self.ends = [name.end() for name in self.names]
        before = bisect_right(self.ends, start) - 1
        if before < 0 or start - self.ends[before] > NEAR:
            return None
        return None if _STOP.search(self.text, self.ends[before], start) else self.names[before]
