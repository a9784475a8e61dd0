"""What packs are of is known by place: the same for all, whatever was met first, for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from feedback.cells.items import Item, Items
from feedback.cells.known import Known, part_of
from feedback.cells.named import Named
from feedback.cells.totals import Sums, pack_of
from feedback.statistics.columns.distinct import distinct

keys = st.lists(st.integers(0, 10**12), max_size=8, unique=True).map(
    lambda one: np.array(one, np.int64)
)


@given(st.lists(keys, max_size=6))
def test_a_key_keeps_the_place_it_had_first(listed: list[np.ndarray]) -> None:
    known = Known({"touchpoints": [], "words": []})
    first: dict[int, int] = {}
    for one in listed:
        for key, place in zip(one.tolist(), known.places(one).tolist(), strict=True):
            assert first.setdefault(key, place) == place
    assert known.keys.tolist() == sorted(first, key=lambda key: first[key])


def test_words_met_in_another_order_are_known_alike() -> None:
    items: Items = {Item(7, 3, "price"): 5, Item(7, 3, "speed"): 6, Item(7, 4, "read", "price"): 7}
    one, other = pack_of(items), pack_of(dict(reversed(items.items())))
    assert one != other
    assert part_of(one).known is part_of(other).known
    sums = Sums()
    sums.add_known([one, other, one])
    assert Named.of(sums).items() == {item: 3 * number for item, number in items.items()}


def test_keys_looked_up_by_many_at_once_have_one_place_each() -> None:
    """Each of them meets keys that the others have not met yet."""
    known, start = Known({"touchpoints": [], "words": []}), Barrier(8)
    dice = [np.random.default_rng(number) for number in range(8)]

    def looked_up(own: np.random.Generator) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        start.wait()
        for _ in range(200):
            keys = distinct(own.integers(0, 20_000, 300))
            found += zip(keys.tolist(), known.places(keys).tolist(), strict=True)
        return found

    with ThreadPoolExecutor(8) as pool:
        placed = [pair for found in pool.map(looked_up, dice) for pair in found]
    assert len({place for _, place in placed}) == len({key for key, _ in placed})
    assert {known.keys[place] == key for key, place in set(placed)} == {True}
    assert len(set(placed)) == len(known.keys)
