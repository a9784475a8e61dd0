from __future__ import annotations

import re

from nlp.themes import theme_keys
from nlp.training.example import Example
from nlp.training.letters import letters_key
from nlp.training.theme_labels import theme_labels, with_themes

PRICE = (frozenset({"price"}),)


def example(source: str, text: str) -> Example:
    return Example(source, "train", text)


def test_a_text_is_known_by_its_letters() -> None:
    table = {letters_key("Too dear, for what it is."): PRICE, letters_key("We went on"): ()}
    given = [
        example("clothing", "too dear for  what it is"),
        example("dynasent_r1", "we went on!"),
        example("dynasent_r1", "we went off"),
    ]
    assert [one.themes for one in with_themes(given, table)] == [PRICE, (), None]


def test_themes_that_the_source_itself_labelled_stay() -> None:
    own = Example("patient_survey", "train", "Too dear", themes=(frozenset({"general"}),))
    assert with_themes([own], {letters_key("Too dear"): PRICE}) == [own]


def test_the_table_names_texts_without_their_words() -> None:
    found = theme_labels()
    assert len(found) > 5000
    assert all(re.fullmatch("[0-9a-f]{12}", text) for text in found)
    spoken = {theme for themes in found.values() for (theme,) in themes}
    assert len(spoken) > 25 and spoken <= set(theme_keys())
