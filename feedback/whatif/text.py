"""A what-if as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedback.whatif.schema import Held, Named, Three, WhatIf
from feedback.whatif.words import finding

_HEAD = ("", "happened", "now", "then")


def as_text(found: WhatIf) -> str:
    """The finding, what changes, and the figures side by side."""
    return "\n".join(_lines(found))


def _lines(found: WhatIf) -> Iterator[str]:
    yield f"{found.start:%d %b %Y} to {found.end:%d %b %Y}, {found.events:,} events"
    yield finding(found)
    yield from (f"  {line}" for line in found.changes)
    if found.left_out:
        yield f"Left out, for they change no asking of the past: {', '.join(found.left_out)}"
    yield ""
    yield _row(_HEAD)
    yield _figures("invitations", found.asked)
    yield _figures("customers asked", found.customers)
    yield _figures("most asked of one", found.most_times)
    for cost in found.costs:
        yield _figures(f"first SMS, {cost.key}", cost, digits=2)
    if any((found.unpriced.happened, found.unpriced.now, found.unpriced.then)):
        yield _figures("SMS without a price", found.unpriced)
    yield from _part("By survey", found.surveys)
    yield from _part("By trigger", found.triggers)
    yield from _part("By channel", found.channels)
    yield from _part("Not asked, because", found.refused)
    yield from _part("Waited, because", found.waited, known=False)
    yield from _part_of_days(found)
    told = found.agreement
    yield ""
    yield (
        f"The rules as they are ask {told.both:,} of those that really were asked, not "
        f"{told.only_happened:,} others, and {told.only_now:,} besides."
    )
    yield from (f"- {line}" for line in found.assumptions)


def _part(title: str, rows: Sequence[Named | Held], known: bool = True) -> Iterator[str]:
    if rows:
        yield ""
        yield title
    for one in rows:
        name = one.words if isinstance(one, Held) else one.key
        yield _figures(f"  {name}", one, known=known)


def _part_of_days(found: WhatIf) -> Iterator[str]:
    yield ""
    yield f"By {found.step}"
    for one in found.times:
        if not (one.happened or one.now or one.then):
            continue
        yield _figures(f"  {one.start:%d %b}", one)


def _figures(name: str, one: Three, digits: int = 0, known: bool = True) -> str:
    first = f"{one.happened:,.{digits}f}" if known else ""
    return _row((name, first, f"{one.now:,.{digits}f}", f"{one.then:,.{digits}f}"))


def _row(cells: Sequence[str]) -> str:
    name, *rest = cells
    return f"{name:<64.64}" + "".join(f"{one:>11}" for one in rest)
