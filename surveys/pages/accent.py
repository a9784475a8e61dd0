"""A workspace's accent colour, moved only as far as reading needs (WCAG 2 contrast of 4.5:1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

MINIMUM = 4.5
FALLBACK = "#1f4e79"
LIGHT_GROUND = "#fbfaf8"
DARK_GROUND = "#16181c"
_STEP = 0.04

Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Accent:
    """The accent on a light and on a dark ground, each with the ink to write on it."""

    light: str
    dark: str
    on_light: str = "#ffffff"
    on_dark: str = "#111316"


@lru_cache(maxsize=512)
def accent(colour: str) -> Accent:
    """The readable forms of a `#rrggbb` colour; what is no colour becomes the fallback.

    White is written on the light form, so it is checked against white and its ground alike.
    """
    wanted = _parse(colour) or _parse(FALLBACK) or (0.0, 0.0, 0.0)
    light = _until(wanted, (0.0, 0.0, 0.0), ("#ffffff", LIGHT_GROUND))
    dark = _until(wanted, (1.0, 1.0, 1.0), ("#111316", DARK_GROUND))
    return Accent(light=light, dark=dark)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, 1 to 21."""
    first, second = _luminance(_parse(one)), _luminance(_parse(other))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def _until(colour: Rgb, towards: Rgb, grounds: tuple[str, ...]) -> str:
    share = 0.0
    while share < 1:
        mixed = _hex(_mix(colour, towards, share))
        if all(contrast(mixed, ground) >= MINIMUM for ground in grounds):
            return mixed
        share += _STEP
    return _hex(towards)


def _mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def _parse(colour: str) -> Rgb | None:
    digits = colour.strip().removeprefix("#")
    if len(digits) != 6 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        return None
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return red, green, blue


def _hex(colour: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def _luminance(colour: Rgb | None) -> float:
    red, green, blue = (_linear(part) for part in colour or (0.0, 0.0, 0.0))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
