from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from feedback.statistics.columns.distinct import distinct


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)))
def test_each_number_is_there_once_and_in_order(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, np.int64)).tolist() == sorted(set(numbers))
