"""The far tail of shares that scatter: against SciPy, and against draws in which nothing moved."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import betabinom

from feedback.alerts.rare import far_out, read_surely
from feedback.statistics.control import Series, of_share, read


@pytest.mark.parametrize(
    ("count", "n", "a", "b"),
    [(25, 100, 3.0, 27.0), (1, 100, 3.0, 27.0), (0, 40, 0.4, 30.0), (40, 40, 0.4, 9.0)],
)
def test_the_tail_is_the_beta_binomial_s(count: int, n: int, a: float, b: float) -> None:
    whole = betabinom(n, a, b)
    beyond = whole.sf(count) if count >= whole.mean() else whole.cdf(count - 1)
    excess = 1.0 + (n - 1.0) / (a + b + 1.0)
    found = far_out(count, n, a / (a + b), excess)
    assert found == pytest.approx(0.5 * whole.pmf(count) + beyond, rel=1e-9)


def test_scatter_beyond_what_n_answers_can_show_is_no_crash() -> None:
    assert 0.0 < far_out(5, 5, 0.1, 9.0) < 1.0
    assert far_out(9_000, 100_000, 0.01, 1.001) < 1e-100


def _quiet(rng: np.random.Generator, many: int) -> list[Series]:
    """Shares of 3% whose days scatter as a beta with a + b = 60, of 150 answers each."""
    shares = rng.beta(0.03 * 60, 0.97 * 60, (many, 29))
    counts = rng.binomial(150, shares)
    return [
        of_share(str(at), [(int(k), 150) for k in row[:-1]], (int(row[-1]), 150))
        for at, row in enumerate(counts)
    ]


def test_a_rare_theme_that_scatters_is_found_far_out_as_seldom_as_its_p_says() -> None:
    series = _quiet(np.random.default_rng(4), 12_000)
    chart = read(series, sparing=True)
    for level, expected in ((0.001, 12.0), (0.0001, 1.2)):
        before = sum(one.p is not None and one.p <= level for one in chart)
        now = sum(one.p is not None and one.p <= level for one in read_surely(series))
        assert before > 1.8 * expected, "the chart's own tail is too thin"
        assert now < expected + 2.0 * expected**0.5


def test_what_is_told_is_told_with_a_q_of_its_own_p() -> None:
    calm = [of_share(f"c{at}", [(10, 100)] * 26, (9 + at % 3, 100)) for at in range(9)]
    moved = of_share("moved", [(10 + at % 3, 100) for at in range(26)], (45, 100))
    found = {one.key: one for one in read_surely([*calm, moved])}
    assert found["moved"].told_at(0.002) and found["moved"].side == "above"
    assert found["moved"].p is not None
    assert found["moved"].q == pytest.approx(10 * found["moved"].p)
    assert not any(one.told for key, one in found.items() if key != "moved")


def test_too_few_answers_stay_unread() -> None:
    (found,) = read_surely([of_share("few", [(1, 4)] * 26, (2, 4))])
    assert found.p is None and not found.told
