"""The words of a labelled scale, as they are typed: "v satisfied", "totally agree", "satisifed"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from surveys.language_pack import Pack
from surveys.replies.spelling import close


def point_of(spoken: Sequence[str], labels: Mapping[str, int], known: Pack) -> int | None:
    """The point that just these words mean; None where it is none, or not one alone.

    "Very" and its like before or after a label that is next to an end mean that end.
    """
    point = _named(" ".join(spoken), labels)
    if point is not None or len(spoken) < 2:
        return point
    core = [word for word in spoken if word not in known.intensifiers]
    if not core or len(core) == len(spoken):
        return None
    point, ends = _named(" ".join(core), labels), {2: 1, max(labels.values()) - 1: 0}
    if point not in ends:
        return None
    return ends[point] or max(labels.values())


def _named(said: str, labels: Mapping[str, int]) -> int | None:
    """The point of the label with the fewest slips; two points as near are a doubt."""
    if said in labels:
        return labels[said]
    near: dict[int, int] = {}
    for label, point in labels.items():
        slips = _slips(said.split(), label.split())
        if slips is not None:
            near[point] = min(slips, near.get(point, slips))
    nearest = [point for point, slips in near.items() if slips == min(near.values())]
    return nearest[0] if len(nearest) == 1 else None


def _slips(typed: Sequence[str], meant: Sequence[str]) -> int | None:
    """The slips of a run of words, word by word; None where one is too far off."""
    if len(typed) != len(meant):
        return None
    apart = [close(one, two) for one, two in zip(typed, meant, strict=True)]
    return None if None in apart else sum(slips for slips in apart if slips)
