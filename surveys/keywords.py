"""STOP, START and HELP: the words that mean a wish about messages, not an answer.

YES is no START here: it may be an answer. Stop words count in every language, whatever the
customer's own, because a withdrawal that was overheard can't be made good.
"""

from __future__ import annotations

from enum import StrEnum

from surveys.language_pack import LANGUAGES, own_pack
from surveys.replies.text import words
from surveys.stop_wishes import wishes_to_stop
from surveys.wording import tags


class Keyword(StrEnum):
    """What a one-word message asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


def keyword(text: str, language: str | None = None) -> Keyword | None:
    """The keyword that a whole message is, whatever its case, accents and punctuation.

    A few stop words mean something else in other languages ("alto", "fin"): they count only
    in their own.
    """
    spoken = words(text)
    packs = [own_pack(known) for known in LANGUAGES]
    if all(one.rules.isdisjoint(spoken) for one in packs):
        return None
    said = _once(spoken)
    here = [own_pack(tag) for tag in tags(language) if tag in LANGUAGES]
    if (
        means_everything(text)
        or any(said in one.stop for one in packs)
        or any(said in one.stop_here for one in here)
    ):
        return Keyword.STOP
    if any(said in one.start for one in packs):
        return Keyword.START
    return Keyword.HELP if any(said in one.help for one in packs) else None


def means_everything(text: str) -> bool:
    """Whether a STOP is meant of everything: STOP ALL, "please stop everything"."""
    said = words(text)
    return any(
        " ".join(word for word in said if word not in one.stop_politeness) in one.stop_everything
        for one in (own_pack(known) for known in LANGUAGES)
    )


def wants_to_stop(text: str, language: str | None = None) -> bool:
    """Whether a message asks in a sentence for the messages to end: "please stop texting me".

    True for STOP itself as well. Wishes that name messages are found anywhere in the text;
    bare ones ("please stop") only when they are all of it, since much else can be stopped.
    """
    return keyword(text, language) is Keyword.STOP or asks_to_stop(text)


def asks_to_stop(text: str) -> bool:
    """The same of a text that is known to be no STOP by itself."""
    return wishes_to_stop(text, [own_pack(known) for known in LANGUAGES])


def _once(spoken: list[str]) -> str:
    """The words of a message; one word said again and again counts once: STOP STOP STOP."""
    return spoken[0] if spoken and len(set(spoken)) == 1 else " ".join(spoken)
