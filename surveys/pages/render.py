"""Templates of the survey page, compiled once a process; no session, no context processors."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, Template
from markupsafe import Markup

from surveys.pages.stop_view import StopPage
from surveys.pages.view import NoticePage, QuestionPage
from surveys.pages.words import words_for

Page = QuestionPage | NoticePage | StopPage
_TEMPLATES = {QuestionPage: "question.html", NoticePage: "notice.html", StopPage: "stop.html"}


def html(page: Page) -> bytes:
    """The page as HTML, its styles inside: one request fetches all of it.

    Many customers get the very same page, as nothing in it names them but its own words; what
    they typed themselves is never kept.
    """
    personal = isinstance(page, QuestionPage) and bool(page.typed)
    return _render(page) if personal else _rendered(page)


def _render(page: Page) -> bytes:
    return (
        _template(_TEMPLATES[type(page)]).render(page=page, words=words_for(page.language)).encode()
    )


_rendered = lru_cache(maxsize=512)(_render)


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("surveys", "pages/templates"),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    css = files("surveys").joinpath("pages/templates/survey.css").read_text("utf-8")
    environment.globals["css"] = Markup(css)  # noqa: S704 - our own file
    return environment
