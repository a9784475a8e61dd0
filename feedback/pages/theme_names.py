"""Themes as the workspace of whoever is signed in calls them; read once a request."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g
from markupsafe import Markup

from feedback.pages import redaction
from feedback.themes.catalogue import Catalogue
from feedback.themes.rows import catalogue_of
from models.base import db


def themes() -> Catalogue:
    """The workspace's themes; before anybody signed in, the built-in ones."""
    if "themes" not in g:
        signed_in = "workspace_id" in g
        g.themes = catalogue_of(db.session(), g.workspace_id) if signed_in else Catalogue()
    found: Catalogue = g.themes
    return found


def theme_name(key: str) -> str:
    """What a theme is called."""
    return themes().name(key)


def theme_list(keys: Iterable[str]) -> str:
    """These themes in words, merged ones once, hidden ones not at all."""
    known = themes()
    return ", ".join(known.name(key) for key in known.themes(keys))


def marked(text: str, mentions: Iterable[redaction.Span]) -> Markup:
    """A comment with its mentions marked, as this workspace shows their themes."""
    return redaction.marked(text, mentions, themes())
