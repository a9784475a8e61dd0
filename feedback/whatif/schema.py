"""What a what-if gives: figures side by side, of what happened, the rules as they are, changed."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class _Out(BaseModel):
    model_config = ConfigDict(populate_by_name=True)


class Three(_Out):
    """One figure three times: as it really was, by the rules as they are, by the changed ones."""

    happened: float
    now: float
    then: float


class Named(Three):
    """The same of a survey, a trigger, a channel or a currency."""

    key: str
    name: str


class Held(Three):
    """How often a rule refused, or made wait, in words; `happened` is not known of waits."""

    rule: str
    words: str


class Piece(Three):
    """How many were asked in one day, week or month."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")


class Hour(_Out):
    """How many are asked within an hour of their own day."""

    hour: int
    happened: int
    now: int
    then: int


class CustomerOut(_Out):
    """A customer, by their id outside, and how often they are asked."""

    customer: str
    happened: int
    now: int
    then: int


class Agreement(_Out):
    """How far the rules as they are lead to what happened: asked both times, and only in one."""

    both: int
    only_happened: int
    only_now: int


class WhatIf(_Out):
    """A replay of a period under changed rules; nothing was stored, and nobody was asked."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    step: str
    events: int = Field(description="Events that the triggers were tried on.")
    changes: list[str] = Field(description="What the changed rules change, a line each.")
    left_out: list[str] = Field(description="Parts of the configuration that change no asking.")
    asked: Three
    customers: Three = Field(description="How many different customers are asked.")
    most_times: Three = Field(description="How often the customer is asked who is asked most.")
    to_come: Three = Field(description="Who waits at the end of the period.")
    times: list[Piece]
    hours: list[Hour]
    surveys: list[Named]
    triggers: list[Named]
    channels: list[Named]
    refused: list[Held]
    waited: list[Held]
    costs: list[Named] = Field(description="What the first SMS of each cost, by currency.")
    unpriced: Three = Field(description="SMS to numbers whose price nobody has entered.")
    most_changed: list[CustomerOut] = Field(
        description="The customers whose number of invitations changes most, a hundred at most."
    )
    agreement: Agreement
    assumptions: list[str] = Field(description="What a replay can't know.")
