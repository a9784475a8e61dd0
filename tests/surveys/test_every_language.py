"""Whatever customers read is there in every language we speak: all tables are walked."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import surveys
from surveys.language_pack import LANGUAGES, own_pack
from surveys.pages.view import unknown_page
from surveys.pages.words import ENGLISH, words_for

TEMPLATES = Path(surveys.__file__).parent / "pages" / "templates"
OTHERS = [one for one in LANGUAGES if one != "en"]
_CODE = re.compile(r"[a-z]{2}")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def tables() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every table of ours that is kept by language."""
    for found in pkgutil.walk_packages(surveys.__path__, "surveys."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, Mapping) and len(set(value) & set(LANGUAGES)) >= 2:
                assert all(isinstance(key, str) for key in value), name
                yield f"{found.name}.{name}", value


def test_tables_kept_by_language_hold_every_language() -> None:
    found = dict(tables())
    assert {"surveys.pages.translations.OTHERS", "surveys.pages.words._TABLES"} <= set(found)
    lacking = {
        name: missing
        for name, table in found.items()
        if (missing := set(OTHERS) - {key for key in table if _CODE.fullmatch(key)})
    }
    assert not lacking


@pytest.mark.parametrize("language", OTHERS)
def test_the_survey_page_says_all_of_it(language: str) -> None:
    own = words_for(language)
    assert set(own) == set(ENGLISH)
    assert not [key for key in ENGLISH if own[key] == ENGLISH[key]], "left in English"
    assert not [key for key in ENGLISH if fields(own[key]) != fields(ENGLISH[key])]


@pytest.mark.parametrize("language", OTHERS)
def test_messages_say_all_of_it(language: str) -> None:
    own, english = own_pack(language).phrases, own_pack("en").phrases
    assert set(own) == set(english)
    same = {key for key in english if own[key] == english[key]}
    assert same <= {"no"}, "left in English"
    assert not [key for key in english if fields(own[key]) != fields(english[key])]


def test_a_language_nobody_wrote_gets_english_and_a_region_its_language() -> None:
    assert words_for("ja") == ENGLISH and words_for("pt-BR") == words_for("pt")
    assert unknown_page("it-CH").heading == words_for("it")["missing"]


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda one: one.name)
def test_no_template_of_the_survey_page_has_words_of_its_own(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for markup in (r"<style>.*?</style>", r"\{%.*?%\}", r"\{\{.*?\}\}", r"<!doctype html>"):
        text = re.sub(markup, "", text, flags=re.DOTALL)
    assert not re.findall(r'(?:title|alt|placeholder|aria-label)="[^"]*\w{2,}', text)
    assert not re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>", "", text, flags=re.DOTALL))
