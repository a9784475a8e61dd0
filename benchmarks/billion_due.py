"""What falls due in each slot of the day, and how many workers are there to do it."""

from __future__ import annotations

import numpy as np

from benchmarks.billion_plan import DAY, SLOT, SLOTS, Curve, Plan


def arrivals(plan: Plan, zone: float) -> Curve:
    """Events of a customer's day by slot, UTC: few at night, most at noon and in the evening."""
    hour = (np.arange(DAY) * SLOT / 3600 + zone) % 24
    noon, evening = (np.exp(-(((hour - at) / wide) ** 2)) for at, wide in ((13, 4), (20, 2.5)))
    shape = 0.08 + noon + 0.9 * evening
    return np.asarray(shape / shape.sum())


def due(plan: Plan) -> tuple[Curve, Curve]:
    """Events and invitations that fall due in each slot: after the delay, and not in the night."""
    events, invitations = np.zeros(SLOTS), np.zeros(SLOTS)
    for zone, share in plan.zones:
        came = plan.events * share * arrivals(plan, zone)
        events[:DAY] += came
        asked = np.zeros(SLOTS)
        shift = int(plan.delay / SLOT)
        asked[shift : shift + DAY] = came * plan.asked
        invitations += awake(asked, zone, plan.day)
    return events, invitations


def awake(asked: Curve, zone: float, day: tuple[float, float]) -> Curve:
    """Held back to the morning where it is night; spread over its first hour by the customer."""
    hour = (np.arange(SLOTS) * SLOT / 3600 + zone) % 24
    may = (hour >= day[0]) & (hour < day[1])
    out = np.where(may, asked, 0.0)
    held, spread = 0.0, 3600 // SLOT
    for slot in np.flatnonzero(~may):
        held += asked[slot]
        if slot + 1 < SLOTS and may[slot + 1]:
            end = min(slot + 1 + spread, SLOTS)
            out[slot + 1 : end] += held / (end - slot - 1)
            held = 0.0
    return np.asarray(out)


def alive(plan: Plan, seed: int) -> Curve:
    """How many workers work in each slot: one that dies is missed until its claim has run out."""
    chance = np.random.default_rng(seed)
    often = plan.workers * plan.deaths_an_hour * SLOT / 3600
    deaths = chance.poisson(often, SLOTS).astype(float)
    missed = np.convolve(deaths, np.ones(max(int(plan.claim / SLOT), 1)))[:SLOTS]
    return np.clip(plan.workers - missed, 0, None)
