"""What an SMS says: a step of the flow, or one of the few sentences of the service itself."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.flow_types import Again, Farewell, Prompt, Say
from surveys.language_pack import phrase
from surveys.wording import choose_language, render

# Kept to the GSM-7 alphabet: one letter outside it halves what an SMS holds.
SERVICE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "stop": "{company}: you won't get any more messages from us. Reply START to undo.",
        "start": "{company}: you're back on. We'll only ask now and then. Reply STOP to opt out.",
        "help": "{company} customer feedback. Reply to our question in your own words, "
        "or reply STOP to opt out.",
        "unprompted": "{company}: thank you, we've passed your message on to our team.",
        "link": "Or tap {link}",
    }
}


def say_by_sms(say: Say, language: str, *, first: bool = False, link: str | None = None) -> str:
    """The words of one SMS; empty where there is nothing to say.

    The first message of an exchange ends with how to opt out. Somebody whose reply wasn't
    understood is offered the survey's page.
    """
    if isinstance(say, Farewell):
        return say.text
    if isinstance(say, Again):
        offer = service_text("link", language, link=link) if link else ""
        return _joined(say.text, offer)
    return _joined(
        say.intro or "",
        say.text,
        _numbered(say),
        say.hint,
        f"{phrase('stop', language)}." if first else "",
    )


def service_text(key: str, language: str, **fields: str) -> str:
    """A sentence of the service itself, in the best language it is written in."""
    table = SERVICE[choose_language(language, tuple(SERVICE))]
    return render(table[key], fields) if key != "link" else _link(table[key], fields["link"])


def _link(text: str, link: str) -> str:
    """A link is put in whole: `render` would shorten a long one."""
    return text.replace("{link}", link)


def _numbered(prompt: Prompt) -> str:
    """The choices with the numbers to reply with, a line each."""
    if prompt.question.type != "choice":
        return ""
    lines = (f"{place} {option.label}" for place, option in enumerate(prompt.options, 1))
    return "\n" + "\n".join(lines) + "\n"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part).replace(" \n", "\n").replace("\n ", "\n")
