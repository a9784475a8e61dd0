"""Which properties of events and customers are looked at: those that come in few values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from feedback.statistics.metrics import MIN_SHOWN
from nlp.redaction import redactions

MOST_PROPERTIES = 10
MOST_VALUES = 12
"""Values of a property that are looked at, the most frequent ones."""
DISTINCT = 40
COVERED = 0.1
LONGEST = 40
PERSONAL = frozenset(
    (
        *("name", "first_name", "last_name", "full_name", "surname", "forename", "given_name"),
        *("family_name", "email", "e_mail", "phone", "mobile", "telephone", "address", "street"),
        *("postcode", "zip", "birthday", "birth_date", "date_of_birth", "dob", "username", "ip"),
    )
)
"""What says who somebody is, never why they complain."""

Values = Sequence[Mapping[str, str] | None]


def plain(facts: Mapping[str, Any] | None) -> dict[str, str] | None:
    """The properties that are one word, number or yes; of nothing known, None."""
    if facts is None:
        return None
    return {key: value for key, one in facts.items() if (value := _value(key, one)) is not None}


def _value(key: str, value: object) -> str | None:
    if key.casefold().replace("-", "_") in PERSONAL or len(key) > LONGEST:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return str(int(value))
    text = value.strip() if isinstance(value, str) else ""
    return text if 0 < len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _personal(value: str) -> bool:
    return bool(redactions(value))


def telling(rows: Values) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The properties worth a look with their values, those known of most voices first.

    Known of a tenth of the voices, at most DISTINCT values or half of the voices in the most
    frequent ones, two of these in MIN_SHOWN voices each; none that holds personal data.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for key, value in (row or {}).items():
            counts[key][value] += 1
    kept = []
    for key, values in counts.items():
        n, usual = values.total(), values.most_common(MOST_VALUES)
        chosen = tuple(value for value, many in usual if many >= MIN_SHOWN)
        few = len(values) <= DISTINCT or sum(many for _, many in usual) >= n / 2
        if n < COVERED * len(rows) or len(chosen) < 2 or not few:
            continue
        if not any(_personal(value) for value in chosen):
            kept.append((-n, key, chosen))
    yield from ((key, chosen) for _, key, chosen in sorted(kept)[:MOST_PROPERTIES])
