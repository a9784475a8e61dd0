"""Packs made many at once say what packs made one by one say."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from feedback.cells.adding import moments, summed, voices
from feedback.cells.codes import KINDS, POINTS, made_packs, opened_packs
from feedback.cells.columns import Numbers, Places, matched
from feedback.cells.items import Item, Items, Slice
from feedback.cells.kept import summed as summed_cells
from feedback.cells.named import Named, items_of
from feedback.cells.packed import mask_of, opened
from feedback.cells.totals import Sums, pack_of

SHELF = 3
words = st.sampled_from(["", "price", "speed", "read", "straße"])
places = st.integers(SHELF * POINTS, (SHELF + 1) * POINTS - 1)
named = st.builds(Item, places, st.integers(1, KINDS - 1), words, words)
items = st.dictionaries(named, st.integers(-(10**12), 10**12).filter(bool), max_size=12)
ids = st.lists(st.integers(0, 9), max_size=30).map(lambda one: np.array(one, np.int64))


def added(parts: list[Items]) -> Items:
    sums = Sums()
    for part in parts:
        sums.add_items(part)
    return Named.of(sums).items()


@given(st.lists(items, max_size=6))
def test_packs_opened_and_made_again_are_the_same(listed: list[Items]) -> None:
    packs = [(number, pack_of(one)) for number, one in enumerate(listed) if one]
    known: Places[str] = Places("")
    if packs:
        sums = summed(*opened_packs(packs, known))
        made = dict(made_packs(*sums, list(known), [SHELF]))
        assert {number: items_of([pack]) for number, pack in made.items()} == {
            number: one for number, one in enumerate(listed) if one
        }


@given(st.lists(items, max_size=5), items, st.sets(st.integers(1, KINDS - 1)), st.sets(places))
def test_packs_and_items_added_up_are_their_numbers_added_up(
    packed: list[Items], loose: Items, kinds: set[int], touchpoints: set[int]
) -> None:
    sums, wanted = Sums(), set(touchpoints) | {one.touchpoint for one in loose}
    sums.add_known(map(pack_of, packed), wanted, mask_of(kinds))
    sums.add_items(loose)
    kept = [
        {one: n for one, n in part.items() if one.touchpoint in wanted and one.kind in kinds}
        for part in packed
    ]
    total: Counter[Item] = Counter()
    for part in (*kept, loose):
        for item, number in part.items():
            total[item] += number
    found = Named.of(sums).items()
    assert found == {item: number for item, number in total.items() if number}
    assert items_of([sums.pack()]) == found


@given(items.filter(bool))
def test_a_pack_names_no_touchpoint_but_its_own(sums: Items) -> None:
    known: Places[str] = Places("")
    codes = summed(*opened_packs([(0, pack_of(sums))], known))
    ((_, pack),) = made_packs(*codes, list(known), [SHELF])
    head, _, _ = opened(pack)
    assert json.loads(head)["touchpoints"] == sorted({item.touchpoint for item in sums})


@given(st.lists(st.dictionaries(st.sampled_from(["web", "sms"]), items, max_size=2), max_size=4))
def test_cells_added_up_are_their_items_added_up(listed: list[dict[str, Items]]) -> None:
    below = [
        {Slice(0, channel, 1, "en"): (b"", pack_of(one)) for channel, one in cells.items()}
        for cells in listed
    ]
    whole = summed_cells(below, SHELF)
    for channel in ("web", "sms"):
        reach, rest = whole.get(Slice(0, channel, 1, "en"), (b"", b""))
        assert reach == b""
        assert items_of([rest]) == added([cells[channel] for cells in listed if channel in cells])


def test_more_packs_than_are_made_at_once_stand_on_their_own_shelves() -> None:
    codes = np.arange(5000, dtype=np.int64) * (POINTS * KINDS)
    made = list(made_packs(codes, np.arange(1, 5001), [""], [7, 9]))
    assert [number for number, _ in made] == [*range(5000)]
    assert items_of([made[0][1]]) == {Item(7 * POINTS, 0): 1}
    assert items_of([made[4999][1]]) == {Item(9 * POINTS, 0): 5000}


@given(ids, ids)
def test_all_pairs_of_equal_numbers_are_matched(one: Numbers, other: Numbers) -> None:
    found = zip(*(column.tolist() for column in matched(one, other)), strict=True)
    wanted = [(i, j) for i, a in enumerate(one) for j, b in enumerate(other) if a == b]
    assert sorted(found) == wanted


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_each_voice_counts_once_a_code(spoken: list[tuple[int, int]]) -> None:
    codes, who = np.array(spoken, np.int64).reshape(-1, 2).T
    found = dict(zip(*(column.tolist() for column in voices(codes, who)), strict=True))
    wanted = {code: len({who for one, who in spoken if one == code}) for code, _ in spoken}
    assert found == wanted


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-(10**6), 10**6))))
def test_moments_are_how_many_the_sum_and_that_of_squares(given_: list[tuple[int, int]]) -> None:
    codes, values = np.array(given_, np.int64).reshape(-1, 2).T
    parts = [
        dict(zip(*(c.tolist() for c in part), strict=True)) for part in moments(codes, values, 10)
    ]
    for place, power in enumerate((0, 1, 2)):
        assert parts[place] == {
            code + 10 * place: sum(v**power for one, v in given_ if one == code)
            for code in {code for code, _ in given_}
        }
