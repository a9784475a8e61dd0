"""The life of an accepted message: what it becomes, and what is told of it, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.errors import InvalidInput
from surveys.channels.addresses import is_whatsapp, plain
from surveys.simulator.faults import Faults
from surveys.simulator.message import Message
from surveys.simulator.numbers import UNDELIVERED

QUEUED, SENDING, SENT, DELIVERED, UNDELIVERED_STATUS, FAILED = (
    "queued",
    "sending",
    "sent",
    "delivered",
    "undelivered",
    "failed",
)
# Codes of carriers for what they could not bring.
LOST = (30003, 30005, 30006, 30008)
# Numbers that no message reaches are not on WhatsApp either.
NO_PHONE, NOT_THERE = (30005, 30006), 63024
PATIENT: Mapping[str, float] = {QUEUED: 0.1, SENDING: 0.2, SENT: 0.4, DELIVERED: 0.8}
AT_ONCE: Mapping[str, float] = {}


@dataclass(frozen=True)
class Step:
    """One thing that happens `after` so many seconds: a new status, or a receipt for it."""

    after: float
    status: str
    told: bool
    error_code: int | None = None


def parse_delays(text: str) -> dict[str, float]:
    """`sent=0.4,delivered=2` as a table; raises InvalidInput."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    names = {name.strip() for name, _, _ in pairs}
    try:
        delays = {name.strip(): float(value) for name, _, value in pairs}
        if names - set(PATIENT) or min(delays.values(), default=0) < 0:
            raise ValueError
    except ValueError as error:
        mend = f"Write {','.join(f'{name}={seconds}' for name, seconds in PATIENT.items())}."
        raise InvalidInput(f"{text!r} is no list of delays", field="delays", mend=mend) from error
    return delays


def course(
    message: Message,
    faults: Faults,
    delays: Mapping[str, float],
    refused: int | None = None,
    blocked: int | None = None,
) -> list[Step]:
    """All steps of a message, with the faults that it meets.

    `refused` says why it is not even sent, `blocked` why it is lost after that.
    """
    code = refused or blocked or _error(message, faults)
    end = FAILED if refused else UNDELIVERED_STATUS if code else DELIVERED
    becomes = [
        Step(_wait(message, faults, delays, status), status, False, code if status == end else None)
        for status in ((QUEUED, end) if refused else (QUEUED, SENDING, SENT, end))
    ]
    if message.callback is None:
        return becomes
    if faults.happens("reorder", *message.fate):
        told = [receipt for step in becomes for receipt in _told(message, step, faults)]
        faults.dice("order", *message.fate).shuffle(told)
        return becomes + told
    return [one for step in becomes for one in (step, *_told(message, step, faults))]


def _error(message: Message, faults: Faults) -> int | None:
    code = UNDELIVERED.get(plain(message.to))
    if code in NO_PHONE and is_whatsapp(message.to):
        code = NOT_THERE
    if code is None and faults.happens("undelivered", *message.fate):
        code = faults.dice("code", *message.fate).choice(LOST)
    return code


def _told(message: Message, step: Step, faults: Faults) -> list[Step]:
    """The receipts of one step: one, or none, or two."""
    if faults.happens("missing", *message.fate, step.status):
        return []
    times = 2 if faults.happens("repeat", *message.fate, step.status) else 1
    return [Step(0, step.status, True, step.error_code)] * times


def _wait(message: Message, faults: Faults, delays: Mapping[str, float], status: str) -> float:
    """Half as long to one and a half times as long as asked for."""
    known = DELIVERED if status in (UNDELIVERED_STATUS, FAILED) else status
    return delays.get(known, 0) * faults.dice("wait", *message.fate, status).uniform(0.5, 1.5)
