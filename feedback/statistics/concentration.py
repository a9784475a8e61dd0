"""Where a pain point concentrates: which segments, channels, hours... complain of it more often.

Each value of each attribute is compared with everybody else at the touchpoint: the share that
complains inside over the share outside (the risk ratio), with Miettinen and Nurminen's score
interval and Fisher's one-sided exact p for "not more often than the others". Pairs of values
are looked at for what both of their parts leave unexplained (feedback.statistics.crossed). q is
the false discovery rate over all that was looked at together, in all attributes and pain points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from feedback.statistics.crossed import Crossed, Value, p_beyond
from feedback.statistics.fdr import q_values
from feedback.statistics.metrics import FALSE_DISCOVERY_RATE, MIN_SHOWN, SMALL_SCORE
from feedback.statistics.sums import Cell
from feedback.statistics.two_shares import Count, difference_interval, p_more, ratio_interval


@dataclass(frozen=True, slots=True)
class Split:
    """One attribute of the responses at a pain point's touchpoint, value by value.

    `whole` counts the responses that have the attribute at all; those without it are neither
    inside nor outside. Values may overlap, as segments do. `Count.said` counts responses that
    speak badly of the cell's theme.
    """

    cell: Cell
    attribute: str
    whole: Count
    values: Mapping[str, Count]


class Missing(StrEnum):
    """Why a value has no figures."""

    TOO_FEW = "too_few"
    EVERYBODY = "everybody"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The share that complains inside a value against outside it, with 95% intervals.

    `ratio` and `ratio_high` are None where nobody outside complains. `p` is one-sided: the
    chance to see so large a share inside if it were no larger than outside.
    """

    inside: float
    outside: float
    ratio: float | None
    ratio_low: float
    ratio_high: float | None
    difference: float
    difference_low: float
    difference_high: float
    p: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """A value of an attribute, and how much more often the pain point is heard there.

    `count` is of the value itself. `q` is the false discovery rate of saying that it
    concentrates there; `told` says whether the data tell it from noise. Without a
    `comparison`, `missing` says why. With `beside`, it is of those who have both values, and
    more than either of them explains.
    """

    rank: int
    cell: Cell
    attribute: str
    value: str
    count: Count
    comparison: Comparison | None
    missing: Missing | None
    q: float = 1.0
    told: bool = False
    beside: Value | None = None

    @property
    def parts(self) -> tuple[Value, ...]:
        """The value, and the one beside it."""
        mine = Value(self.attribute, self.value)
        return (mine, self.beside) if self.beside else (mine,)

    @property
    def small(self) -> bool:
        """Whether the value has few responses, and is to be read with care."""
        return self.count.n < SMALL_SCORE

    @property
    def excess(self) -> float | None:
        """How many complaints fewer it would have, did it complain as rarely as the others."""
        return self.count.n * self.comparison.difference if self.comparison else None


def compare(inside: Count, outside: Count) -> Comparison:
    """Those inside against those outside; both with a response, and one with a complaint."""
    ratio_low, ratio_high = ratio_interval(inside, outside)
    low, high = difference_interval(inside, outside)
    return Comparison(
        inside.share,
        outside.share,
        inside.share / outside.share if outside.said else None,
        ratio_low,
        ratio_high,
        inside.share - outside.share,
        low,
        high,
        p_more(inside, outside),
    )


def why_missing(inside: Count, whole: Count) -> Missing | None:
    """Why a value can't be compared with the rest of `whole`, if it can't."""
    if inside.n <= 0:
        return Missing.NOBODY
    if inside.n >= whole.n:
        return Missing.EVERYBODY
    few = min(inside.n, whole.n - inside.n, whole.said) < MIN_SHOWN
    return Missing.TOO_FEW if few else None


def _look(split: Split, value: str, given: Count) -> Concentration:
    count = Count(min(given), given.n)
    missing = why_missing(count, split.whole)
    found = None if missing else compare(count, split.whole.without(count))
    return Concentration(0, split.cell, split.attribute, value, count, found, missing)


def shared(families: Iterable[Sequence[float]]) -> list[float]:
    """The p of several families, each given the same part of the error, one after the other.

    Each p is divided by its weight, those of a family m/(f m_i) where it has m_i of m in f
    families, as Genovese, Roeder and Wasserman (2006) weigh them; empty families get none. So
    many pairs take no more from single values than a half.
    """
    kept = [family for family in families if family]
    m = sum(len(family) for family in kept)
    return [p * (len(kept) * len(family) / m) for family in kept for p in family]


def _with_q(looks: Sequence[Concentration], pairs: Sequence[Crossed]) -> Iterable[Concentration]:
    """q over every value that could be compared and every pair; told where the interval agrees.

    Of the pairs those that are told are given.
    """
    compared = [look.comparison.p for look in looks if look.comparison]
    qs = iter(q_values(shared([compared, p_beyond(pairs)])))
    for look in looks:
        if look.comparison is None:
            yield look
            continue
        q = next(qs)
        told = q <= FALSE_DISCOVERY_RATE and look.comparison.ratio_low > 1.0
        yield replace(look, q=q, told=told)
    for pair, q in zip(pairs, qs, strict=True):
        found = compare(pair.both, pair.outside) if q <= FALSE_DISCOVERY_RATE else None
        if found and found.ratio_low > 1.0:
            yield Concentration(
                0, pair.cell, *pair.first, pair.both, found, None, q, True, pair.second
            )


_LAST = {None: 0, Missing.TOO_FEW: 1, Missing.EVERYBODY: 2, Missing.NOBODY: 3}


def _place(look: Concentration) -> tuple[object, ...]:
    """The told first, by the ratio they surely have; then by q; then those without figures."""
    low = look.comparison.ratio_low if look.comparison else 0.0
    first = (-low, look.q) if look.told else (look.q, -low)
    name = (look.cell, *look.parts)
    return (_LAST[look.missing], not look.told, *first, -look.count.said, *name)


def concentrations(splits: Iterable[Split], pairs: Sequence[Crossed] = ()) -> list[Concentration]:
    """Rank all values of all splits, and the told pairs, by the pessimistic end of their ratio.

    Give everything that is looked at at once, so that q counts all of it.
    """
    looks = [
        _look(split, value, count) for split in splits for value, count in split.values.items()
    ]
    ranked = sorted(_with_q(looks, pairs), key=_place)
    return [replace(look, rank=place) for place, look in enumerate(ranked, start=1)]
