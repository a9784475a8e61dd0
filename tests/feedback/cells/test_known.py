"""What packs are of is known by place: the same for all, whatever was met first, for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from feedback.cells.items import Item, Items
from feedback.cells.known import Known, part_of
from feedback.cells.named import Named
from feedback.cells.totals import Sums, pack_of

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


def test_packs_opened_by_many_at_once_are_added_up_right() -> None:
    """Each of them meets keys that the others have not met yet."""
    packs = [
        pack_of({Item(1, kind, "a", "b"): kind, Item(1, 200 + kind, "a", "b"): 1})
        for kind in range(1, 50)
    ]

    def total(shift: int) -> Items:
        sums = Sums()
        sums.add_known(packs[shift:] + packs[:shift])
        return Named.of(sums).items()

    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(total, range(0, 48, 6)):
            assert sum(found.values()) == sum(range(1, 50)) + 49
            assert len(found) == 98
