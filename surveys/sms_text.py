"""What an SMS says: a step of the flow, or one of the few sentences of the service itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from surveys.definition import SurveyDefinition
from surveys.flow_types import Again, Farewell, Prompt, Say
from surveys.language_pack import LANGUAGES, phrase
from surveys.wording import choose_language, render, tags

Service = Literal["stop", "start", "help", "unprompted"]


def first_sms(definition: SurveyDefinition, say: Say, language: str, link: str) -> str:
    """The words that open an exchange, with the link where the survey wants it there."""
    wanted = link if definition.sms_link == "first" else None
    return say_by_sms(say, language, first=True, link=wanted)


def link_only_sms(intro: str | None, language: str, company: str, link: str) -> str:
    """The only words of a sender that nobody can reply to: who asks, the page, the way out.

    They name the company even where the intro doesn't; a link that the intro brings stands once.
    """
    lead = intro or render(phrase("link_only", language), {"company": company})
    named = lead if company.casefold() in lead.casefold() else f"{company}: {lead}"
    offer = phrase("link_only.link", language).replace("{link}", link)
    return _joined(
        named,
        "" if link in named else f"\n{offer}\n",
        f"{phrase('link_only.stop', language)}.",
    )


def say_by_sms(say: Say, language: str, *, first: bool = False, link: str | None = None) -> str:
    """The words of one SMS; empty where there is nothing to say.

    The first message of an exchange ends with how to opt out, and with the survey's page before
    it where a `link` is given. Somebody whose reply wasn't understood is offered the page too.
    """
    if isinstance(say, Farewell):
        return say.text
    offer = _offer(link, language) if link else ""
    if isinstance(say, Again):
        return _joined(say.text, offer)
    intro = say.intro or ""
    written = link is not None and link in f"{intro} {say.text}"
    return _joined(
        intro,
        say.text,
        _numbered(say),
        say.hint,
        f"\n{offer}\n" if first and offer and not written else "",
        f"{phrase('stop', language)}." if first else "",
    )


def reminder_sms(say: Say, language: str, company: str) -> str:
    """The one reminder: what is asked, once more, and how to opt out."""
    lead = render(phrase("reminder", language), {"company": company})
    return _joined(lead, say_by_sms(say, language), f"{phrase('stop', language)}.")


def service_text(key: Service, locales: Sequence[str | None], company: str) -> str:
    """A sentence of the service itself, in the first of these locales that we speak."""
    return render(phrase(f"service.{key}", _spoken(locales)), {"company": company})


def _spoken(locales: Sequence[str | None]) -> str:
    """The first language we have words in; where we have none of them, English."""
    known = (one for one in locales if any(tag in LANGUAGES for tag in tags(one)))
    return choose_language(next(known, None), LANGUAGES)


def _offer(link: str, language: str) -> str:
    """A link is put in whole: `render` would shorten a long one."""
    return phrase("link", language).replace("{link}", link)


def _numbered(prompt: Prompt) -> str:
    """The choices with the numbers to reply with, a line each."""
    if prompt.question.type != "choice":
        return ""
    lines = (f"{place} {option.label}" for place, option in enumerate(prompt.options, 1))
    return "\n" + "\n".join(lines) + "\n"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part).replace(" \n", "\n").replace("\n ", "\n")
