"""The page on which a customer wants no more texts or e-mails, or takes that back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from surveys.channels.addresses import EMAIL
from surveys.letters.words import letter_words
from surveys.pages.view import Frame, Setting, Stops
from surveys.pages.words import words_for


class Texts(StrEnum):
    """What a customer may say of texts; the value is the form's."""

    STOP = "stop"
    ALLOW = "allow"


@dataclass(frozen=True)
class StopPage(Frame):
    """One sentence, and a button where there is something to do."""

    heading: str
    line: str
    act: Texts | None
    button: str
    go_on: str
    field: str = "texts"


def wish_page(setting: Setting) -> StopPage:
    """Ask whether they mean it: a link alone must change nothing."""
    return _page(setting, "stop", Texts.STOP)


def stopped_page(setting: Setting, undoable: bool) -> StopPage:
    """Say that it is done, and how to take it back where that can be done here."""
    return _page(setting, "stopped", Texts.ALLOW if undoable else None)


def _page(setting: Setting, name: str, act: Texts | None) -> StopPage:
    by_mail, frame = setting.brought_by == EMAIL, setting.frame()
    words = (letter_words if by_mail else words_for)(setting.language)
    title = "stop_title" if by_mail and name == "stop" else name
    return StopPage(
        **{**vars(frame), "stops": Stops()},
        heading=words[title],
        line=words[f"{name}_line"].format_map({"company": frame.company}),
        act=act,
        button=words[f"{name}_do"],
        go_on=words["stop_not"],
        field="mails" if by_mail else "texts",
    )
