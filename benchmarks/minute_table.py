"""The report of a run: how fast, how late, what phones got, and the memory that it took."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Sequence

from sqlalchemy import Engine, text

from benchmarks.fleet import Wanted
from benchmarks.minute_crew import Crew
from benchmarks.minute_world import BEFORE

Mark = tuple[float, int, float]
"""Seconds since the first fell due, how many have left, MB of the largest worker."""


def counted(base: str) -> dict[str, int]:
    """What phones got, by the server's count."""
    with urllib.request.urlopen(f"{base}/counted") as answer:
        found: dict[str, int] = json.load(answer)
    return found


def _lateness(engine: Engine, many: int) -> list[float]:
    """Seconds from due to accepted, of half, of 95 of 100, of all."""
    told = text(
        "SELECT percentile_cont(ARRAY[0.5, 0.95, 1.0]) WITHIN GROUP (ORDER BY "
        "extract(epoch FROM sent_at - due_at)) FROM invitations WHERE customer_id <= :many"
    )
    with engine.connect() as connection:
        return [float(one) for one in connection.execute(told, {"many": many}).scalar_one()]


def report(
    engine: Engine,
    wanted: Wanted,
    workers: int,
    hands: Crew,
    figures: tuple[float, float, float],
    marks: Sequence[Mark],
) -> None:
    """Print it; `figures` are the rates of the bare SDK, and with rows, and CPU in ms each."""
    bare_rate, kept_rate, cpu = figures
    found, late = counted(wanted.base), _lateness(engine, wanted.many)
    nearly = next(seconds for seconds, gone, _ in marks if gone >= 0.95 * wanted.many)
    rate = wanted.many / marks[-1][0], 0.95 * wanted.many / nearly
    print(f"{wanted.many:,} invitations, {workers} workers, {hands.kills} kills")
    print("\n| bare SDK /s | 95 of 100, /s | share | all, /s | share | CPU of workers, ms each |")
    print("|---|---|---|---|---|---|")
    shares = [one / bare_rate for one in rate]
    print(
        f"| {bare_rate:.0f} | {rate[1]:.0f} | {shares[1]:.2f} | {rate[0]:.0f} | {shares[0]:.2f} |"
        f" {cpu:.2f} |"
    )
    print(f"\nbare SDK and the same rows: {kept_rate:.0f} /s; ours {rate[1] / kept_rate:.2f} of it")
    print("\n| half left within, s | 95 of 100 | the last | phones without any | phones with two |")
    print("|---|---|---|---|---|")
    lost = wanted.many + BEFORE - found["phones"]
    print(f"| {late[0]:.0f} | {late[1]:.0f} | {late[2]:.0f} | {lost} | {found['twice']} |")
    print("\nmemory: " + ", ".join(f"{mb:.0f} MB at {gone:,}" for _, gone, mb in marks))
