"""All themes of a workspace and how it shows them; pure, so that every page agrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nlp.themes import built_in_themes

OWN_AREA = "own"
AREAS: Mapping[str, str] = {
    OWN_AREA: "Your own",
    **{theme.area: theme.area.capitalize() for theme in built_in_themes()},
}
"""The areas a theme can stand under, by key, in order, with their names."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One theme: what it is, and what the workspace made of it.

    `given` is the name it came with, `name` what it is called now. `merged_into` is the theme
    it counts as; `parent` the area or the theme it was put under, `area` where it came.
    """

    key: str
    given: str
    area: str
    sentence: str
    name: str
    own: bool = False
    merged_into: str | None = None
    parent: str | None = None
    hidden: bool = False


def plain_name(key: str) -> str:
    """The key of a theme nobody knows any more, as words."""
    return key.replace("_", " ").strip().capitalize() or "No theme"


def built_in() -> dict[str, Entry]:
    """The built-in themes as they come."""
    return {
        one.key: Entry(one.key, one.name, one.area, one.definition, one.name)
        for one in built_in_themes()
    }


@dataclass(frozen=True)
class Catalogue:
    """The themes of one workspace by key, in the order they are listed in."""

    entries: Mapping[str, Entry] = field(default_factory=built_in)

    def name(self, key: str) -> str:
        """What a theme is called here."""
        found = self.entries.get(key)
        return found.name if found else plain_name(key)

    def shown(self, key: str) -> str:
        """The theme that a theme counts as: itself, unless it is merged."""
        seen = {key}
        while (found := self.entries.get(key)) and found.merged_into not in (None, *seen):
            key = str(found.merged_into)
            seen.add(key)
        return key

    def is_hidden(self, key: str) -> bool:
        """Whether what a theme counts as is hidden."""
        found = self.entries.get(self.shown(key))
        return found is not None and found.hidden

    @cached_property
    def merged(self) -> Mapping[str, str]:
        """What the merged themes count as."""
        found = {key: self.shown(key) for key in self.entries}
        return {key: shown for key, shown in found.items() if key != shown}

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """The themes that are counted nowhere, those merged into hidden ones among them."""
        return tuple(key for key in self.entries if self.is_hidden(key))

    def parts(self, key: str) -> tuple[str, ...]:
        """A theme and those that count as it."""
        return (key, *(part for part, shown in self.merged.items() if shown == key))

    def themes(self, keys: Iterable[str]) -> list[str]:
        """What is shown of these themes: merged ones once, hidden ones not at all."""
        return list(dict.fromkeys(self.shown(key) for key in keys if not self.is_hidden(key)))

    @cached_property
    def listed(self) -> tuple[Entry, ...]:
        """The themes that count by themselves and are not hidden."""
        out = {*self.merged, *self.hidden}
        return tuple(entry for key, entry in self.entries.items() if key not in out)

    def parent(self, key: str) -> str | None:
        """The theme that a theme is listed under; None where it stands in its area."""
        found = self.entries.get(key)
        if found is None or found.parent in (None, *AREAS):
            return None
        above = self.shown(str(found.parent))
        known = above in self.entries and above != key and not self.is_hidden(above)
        return above if known else None

    def area(self, key: str) -> str:
        """The area that a theme is listed in, by itself or with what it stands under."""
        seen: set[str] = set()
        while (found := self.entries.get(key)) and key not in seen:
            if found.parent in AREAS:
                return str(found.parent)
            if found.parent is None:
                return found.area
            seen.add(key)
            key = self.shown(found.parent)
        return OWN_AREA

    def above(self, key: str) -> Iterator[str]:
        """The themes that a theme stands under, the nearest first."""
        seen = {key}
        parent = self.parent(key)
        while parent is not None and parent not in seen:
            yield parent
            seen.add(parent)
            parent = self.parent(parent)

    def below(self, key: str) -> list[Entry]:
        """The themes listed directly under a theme."""
        return [entry for entry in self.listed if self.parent(entry.key) == key]

    def tree(self) -> list[tuple[str, list[tuple[int, Entry]]]]:
        """The listed themes by area: (area's name, [(depth, theme)]); empty areas left out."""
        found: dict[str, list[tuple[int, Entry]]] = {area: [] for area in AREAS}
        for entry in self.listed:
            if self.parent(entry.key) is None:
                found[self.area(entry.key)] += self._branch(entry, 0)
        return [(AREAS[area], rows) for area, rows in found.items() if rows]

    def _branch(self, entry: Entry, depth: int) -> Iterator[tuple[int, Entry]]:
        yield depth, entry
        for one in self.below(entry.key):
            yield from self._branch(one, depth + 1)

    def choices(self, without: str | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
        """The listed themes for a select: (area, [(key, name)])."""
        groups = [
            (area, [(entry.key, entry.name) for _, entry in rows if entry.key != without])
            for area, rows in self.tree()
        ]
        return [(area, listed) for area, listed in groups if listed]
