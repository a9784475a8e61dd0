"""How a workspace shows its themes: pure."""

from __future__ import annotations

from typing import Any

import pytest

from feedback.themes.catalogue import AREAS, OWN_AREA, Catalogue, Entry, built_in
from feedback.themes.check import FEWEST, LONGEST_EXAMPLE, Said, ThemeProblems, problems

FIVE = (
    "the courier was rude to me",
    "such a friendly driver at the door",
    "he threw the box over the fence",
    "she waited until I had found my keys",
    "nobody rang, he just drove off",
)


def catalogue(**changes: dict[str, Any]) -> Catalogue:
    """The built-in themes and an own one, `own_dogs`; changes by key."""
    entries = built_in()
    entries["own_dogs"] = Entry("own_dogs", "Dogs", OWN_AREA, "dogs", "Dogs", own=True)
    for key, values in changes.items():
        old = entries[key]
        fields = {name: getattr(old, name) for name in Entry.__slots__}
        entries[key] = Entry(**{**fields, **values})
    return Catalogue(entries)


def test_themes_come_as_they_are_shipped() -> None:
    plain = Catalogue()
    assert plain.name("price") == "Price" and plain.name("long_gone") == "Long gone"
    assert plain.shown("price") == "price" and not plain.hidden and not plain.merged
    assert [area for area, _ in plain.tree()] == list(AREAS.values())[1:]
    assert len(plain.listed) == 31


def test_a_merged_theme_counts_as_the_last_of_the_chain() -> None:
    known = catalogue(price={"merged_into": "discounts"}, discounts={"merged_into": "own_dogs"})
    assert known.shown("price") == "own_dogs"
    assert set(known.parts("own_dogs")) == {"own_dogs", "price", "discounts"}
    assert known.themes(["price", "discounts", "general"]) == ["own_dogs", "general"]
    assert "price" not in {entry.key for entry in known.listed}


def test_merges_that_go_in_a_circle_end() -> None:
    known = catalogue(price={"merged_into": "discounts"}, discounts={"merged_into": "price"})
    assert known.shown("price") in {"price", "discounts"}


def test_what_is_merged_into_a_hidden_theme_is_hidden() -> None:
    known = catalogue(price={"merged_into": "own_dogs"}, own_dogs={"hidden": True})
    assert set(known.hidden) == {"price", "own_dogs"}
    assert known.themes(["price", "general"]) == ["general"]


def test_a_theme_stands_under_another_or_an_area() -> None:
    known = catalogue(own_dogs={"parent": "place"}, price={"parent": "own_dogs"})
    rows = dict(known.tree())["Place"]
    assert [(depth, entry.key) for depth, entry in rows][-2:] == [(0, "own_dogs"), (1, "price")]
    assert known.area("price") == "place" and list(known.above("price")) == ["own_dogs"]
    assert ("price", "Price") in dict(known.choices())["Place"]
    assert "Your own" not in dict(known.choices())


def test_what_stands_under_a_merged_theme_stands_under_what_it_counts_as() -> None:
    known = catalogue(own_dogs={"parent": "price"}, price={"merged_into": "discounts"})
    assert known.parent("own_dogs") == "discounts"
    under_itself = catalogue(own_dogs={"parent": "price"}, price={"merged_into": "own_dogs"})
    assert under_itself.parent("own_dogs") is None
    assert "own_dogs" in {entry.key for _, rows in under_itself.tree() for _, entry in rows}


def test_what_stands_under_a_hidden_theme_stays_listed() -> None:
    known = catalogue(own_dogs={"parent": "price"}, price={"hidden": True})
    assert "own_dogs" in {entry.key for _, rows in known.tree() for _, entry in rows}
    assert known.area("own_dogs") == "value"


def test_a_theme_said_well_has_no_problem() -> None:
    assert not problems(Said("Manners", "how the courier behaves", FIVE), {"Price"})


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        (Said(" ", "how he behaves", FIVE), "name", "Give it a name"),
        (Said("x" * 61, "how he behaves", FIVE), "name", "60 characters"),
        (Said("  pRICE ", "how he behaves", FIVE), "name", "already"),
        (Said("Manners", "behaviour", FIVE), "sentence", "in a sentence"),
        (Said("Manners", "how he behaves", FIVE[:2]), "examples", f"at least {FEWEST}"),
        (Said("Manners", "how he behaves", (*FIVE[:2], "", " ")), "examples", "at least"),
        (Said("Manners", "how he behaves", (FIVE[0], FIVE[0].upper(), FIVE[1])), "examples", ""),
        (Said("Manners", "how he behaves", ("", *FIVE, "rude man")), "example-7", "Too short"),
        (Said("Manners", "how he behaves", (*FIVE, "12 34 56 78")), "example-6", "Too short"),
        (Said("Manners", "how he behaves", (*FIVE, FIVE[0])), "example-6", "stand above"),
        (Said("Manners", "how it is", (*FIVE, "a " * LONGEST_EXAMPLE)), "example-6", "1,000"),
        (Said("Manners", "how he behaves", FIVE, ("x", FIVE[1])), "counter-2", "as well"),
        (Said("Manners", "how he behaves", FIVE, ("no",)), "counter-1", "Too short"),
    ],
)
def test_each_fault_stands_at_its_field(said: Said, field: str, words: str) -> None:
    found = problems(said, {"Price"})
    assert words in found[field]
    assert ThemeProblems(found).problems == found


def test_all_faults_are_told_at_once() -> None:
    assert set(problems(Said("", "", ("no",)), ())) == {
        "name",
        "sentence",
        "example-1",
        "examples",
    }
