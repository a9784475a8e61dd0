"""STOP, START and HELP: told apart from answers, obeyed at once, answered once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from surveys import consent, optout
from surveys.arrivals import Arrival, Inbound
from surveys.channels.addresses import is_number
from surveys.keywords import Keyword, asks_to_stop, keyword, means_everything
from surveys.outbox import Draft, put
from surveys.services import Services
from surveys.sms_text import service_text

Word = Literal["stop", "start", "help"]
STOP: Word = "stop"
START: Word = "start"
HELP: Word = "help"
_BY_PROVIDER: Mapping[str, Word] = {"STOP": STOP, "START": START, "HELP": HELP}
_BY_KEYWORD = {Keyword.STOP: STOP, Keyword.START: START, Keyword.HELP: HELP}


def word_of(inbound: Inbound, language: str) -> Word | None:
    """The word that a message is, by the provider's account or by our own reading."""
    told = _BY_PROVIDER.get((inbound.opt_out_type or "").upper())
    if told is not None:
        return told
    read = keyword(inbound.body, language) or keyword(inbound.button or "", language)
    if read is not None:
        return _BY_KEYWORD[read]
    return STOP if asks_to_stop(inbound.body) else None


def obey(session: Session, services: Services, arrival: Arrival, word: Word, now: datetime) -> None:
    """Do what the word says, in every workspace that texts from the number, and confirm.

    Where the provider manages opting out (it says so by `opt_out_type`) it has answered the
    customer already, and a second answer would only confuse. What is no number hears none.
    """
    confirm = True
    if word == STOP:
        confirm = _stop(session, arrival, now)
    elif word == START:
        _start(session, arrival, now)
    heard = arrival.inbound.opt_out_type is None and is_number(arrival.message.address)
    if confirm and heard:
        _answer(session, services, arrival, word, now)


def _stop(session: Session, arrival: Arrival, now: datetime) -> bool:
    """Withdraw; True when that is news to one of the workspaces. One STOP, one answer."""
    everything = means_everything(arrival.message.body)
    news = [
        optout.withdraw(
            session,
            workspace.id,
            workspace.sender,
            arrival.message.address,
            consent.own_word(arrival.message.address),
            now,
            arrival.message.body.strip()[:80],
            everything=everything,
        )
        for workspace in arrival.sharing
    ]
    return any(news)


def _start(session: Session, arrival: Arrival, now: datetime) -> None:
    for workspace in arrival.sharing:
        optout.grant(
            session,
            workspace.id,
            workspace.sender,
            arrival.message.address,
            consent.own_word(arrival.message.address),
            now,
        )


def _answer(
    session: Session, services: Services, arrival: Arrival, word: Word, now: datetime
) -> None:
    message, workspace = arrival.message, arrival.workspace
    locales = (arrival.language, workspace.default_locale)
    draft = Draft(
        workspace_id=workspace.id,
        kind=word,
        scope=f"in:{message.id}",
        step=word,
        sender=arrival.sender,
        address=message.address,
        body=service_text(word, locales, workspace.company),
        provider=services.gateway.name,
        customer_id=message.customer_id,
        via=arrival.via,
    )
    put(session, draft, now)
