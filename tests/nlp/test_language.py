from __future__ import annotations

import pytest

from nlp.language import identify


@pytest.mark.parametrize(
    ("text", "hint", "code", "read"),
    [
        ("The delivery was late and nobody told me", None, "en", True),
        ("Great", None, "en", True),
        ("delivry late", None, "en", True),
        ("La livraison était en retard et personne ne m'a prévenu", None, "fr", False),
        ("Die Lieferung kam zwei Wochen zu spät", None, "de", False),
        ("El pedido llegó tarde y nadie me avisó", None, "es", False),
        ("Поздно", None, "und", False),
        ("xqz", None, "und", True),
        ("12345", None, "und", False),
        ("Great", "fr-CA", "fr", False),
        ("Nul", "EN_gb", "en", True),
        ("The delivery was late", "not a tag!", "en", True),
    ],
)
def test_language_is_told_or_said_to_be_unsure(
    text: str, hint: str | None, code: str, read: bool
) -> None:
    language = identify(text, hint)
    assert (language.code, language.read) == (code, read)
