"""The page on which a customer says that they want no more texts, or takes that back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from surveys.pages.view import Frame, Setting
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


def wish_page(setting: Setting) -> StopPage:
    """Ask whether they mean it: a link alone must change nothing."""
    return _page(setting, "stop", Texts.STOP)


def stopped_page(setting: Setting, undoable: bool) -> StopPage:
    """Say that it is done, and how to take it back where that can be done here."""
    return _page(setting, "stopped", Texts.ALLOW if undoable else None)


def _page(setting: Setting, name: str, act: Texts | None) -> StopPage:
    words, frame = words_for(setting.language), setting.frame()
    return StopPage(
        **{**vars(frame), "stops": False},
        heading=words[name],
        line=words[f"{name}_line"].format_map({"company": frame.company}),
        act=act,
        button=words[f"{name}_do"],
    )
