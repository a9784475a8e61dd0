from __future__ import annotations

from pathlib import Path

import pytest

from nlp.language import READ, identify, language_of, word_hits
from nlp.language_words import WORDS_OF
from nlp.reading import SIX
from nlp.training.written_files import written_examples

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[tuple[str, str]]:
    rows = (DATA / name).read_text("utf-8").splitlines()
    return [(code, text) for code, text in (row.split("\t") for row in rows)]


@pytest.mark.parametrize(
    ("text", "hint", "code", "read"),
    [
        ("The delivery was late and nobody told me", None, "en", True),
        ("Great", None, "en", True),
        ("delivry late", None, "en", True),
        ("La livraison était en retard et personne ne m'a prévenu", None, "fr", True),
        ("Die Lieferung kam zwei Wochen zu spät", None, "de", True),
        ("El pedido llegó tarde y nadie me avisó", None, "es", True),
        ("Поздно", None, "und", False),
        ("xqz", None, "und", True),
        ("12345", None, "und", False),
        ("Great", "fr-CA", "fr", True),
        ("De bestelling kwam twee weken te laat aan", None, "nl", False),
        ("Great", "nl", "nl", False),
        ("Nul", "EN_gb", "en", True),
        ("The delivery was late", "not a tag!", "en", True),
    ],
)
def test_language_is_told_or_said_to_be_unsure(
    text: str, hint: str | None, code: str, read: bool
) -> None:
    language = identify(text, hint)
    assert (language.code, language.read) == (code, read)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gracias", "es"),
        ("merci", "fr"),
        ("danke", "de"),
        ("grazie", "it"),
        ("obrigada", "pt"),
        ("thanks", "en"),
        ("Spitze!", "de"),
        ("pésimo", "es"),
        ("J\u2019ai adoré", "fr"),
        ("bedankt", "nl"),
    ],
)
def test_a_word_of_one_language_tells_it(text: str, code: str) -> None:
    assert identify(text).code == code


@pytest.mark.parametrize(
    ("text", "among"), [("lento", "es it pt"), ("bien", "es fr"), ("nada", "es pt")]
)
def test_a_word_of_several_languages_is_told_by_what_was_expected(text: str, among: str) -> None:
    alone = identify(text)
    assert (alone.code, alone.likeliest in among.split()) == ("und", True)
    assert [identify(text, expected=f"{code}-XX").code for code in among.split()] == among.split()


def test_what_was_expected_does_not_outweigh_a_clear_text() -> None:
    assert identify("Die Lieferung kam zu spät", expected="fr").code == "de"
    assert identify("The parcel never arrived", expected="de").code == "en"


def test_a_word_that_other_languages_have_is_likeliest_one_of_theirs() -> None:
    assert identify("bien").likeliest in ("es", "fr")
    assert identify("ok").read


def test_replies_are_rarely_named_wrongly_and_never_when_expected() -> None:
    told = lines("short_replies.tsv")
    named = [(code, identify(text).code) for code, text in told]
    claimed = [(code, found) for code, found in named if found != "und"]
    assert len(claimed) >= 0.85 * len(told)
    assert sum(code != found for code, found in claimed) <= 2
    assert [identify(text, expected=code).code for code, text in told] == [c for c, _ in told]


def test_other_languages_are_rarely_taken_for_one_of_the_six() -> None:
    told = lines("other_languages.tsv")
    taken = [text for _, text in told if identify(text).code in SIX]
    assert len(told) == 60
    assert len(taken) <= 2


@pytest.mark.parametrize("code", SIX)
def test_comments_of_four_words_or_more_are_told(code: str) -> None:
    every = [e.text for e in written_examples(code) if e.source == "written" and not e.span]
    texts = [text for text in every if len(text.split()) >= 4][:250]
    assert sum(identify(text).code == code for text in texts) >= 0.97 * len(texts)


@pytest.mark.parametrize(
    ("tag", "code"),
    [("pt-BR", "pt"), (" FR_ca ", "fr"), ("deutsch?", None), ("", None), (None, None)],
)
def test_a_tag_gives_its_language(tag: str | None, code: str | None) -> None:
    assert language_of(tag) == code


def test_an_apostrophe_hides_no_word() -> None:
    assert word_hits(["quell'attesa"]) == {"it": 0.5}


def test_words_are_listed_as_they_are_looked_up() -> None:
    every = [word for words in WORDS_OF.values() for word in words]
    assert set(SIX) <= set(WORDS_OF)
    assert set(SIX) >= READ
    assert all(word == word.lower() and "\u2019" not in word for word in every)
