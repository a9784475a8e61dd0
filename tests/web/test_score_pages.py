"""The pages of scores, goals, courses and comparisons: what they say, and on how little."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from feedback.cells.days import TOP
from models.statistics import EVERYBODY, StatisticCell

THEME = "/themes/delivery_speed/over-time"
PAGES = ("/scores", "/scores/goals", "/compare", THEME)


def _text(client: FlaskClient, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status, (path, reply.status_code)
    return reply.get_data(as_text=True)


def _save(client: FlaskClient, **fields: str) -> Any:
    token = _text(client, "/scores/goals").split('name="csrf_token" value="')[1].split('"')[0]
    form = {f"csat-{name}": value for name, value in fields.items()}
    return client.post("/scores/goals", data={"csrf_token": token, "journey": "shop", **form})


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_signing_in(shop: Any, path: str) -> None:
    reply = shop.client().get(path)
    assert reply.status_code == 302 and "/sign-in" in reply.headers["Location"]


def test_the_report_reads_from_the_top(team: FlaskClient) -> None:
    said = _text(team, "/")
    order = ("CSAT ", "things to fix first", "How it feels", "Where it hurts", "What delights")
    places = [said.index(words) for words in (*order, "Who answered")]
    assert places == sorted(places)
    assert re.search(r"Without it, CSAT (would be between|might be as it is)", said)
    assert re.search(r"Those who say it score CSAT \d+%, between", said)
    assert "Nobody was asked at these touchpoints" in said  # the shop's history is imported


def test_the_score_page_says_its_finding_in_words_and_draws_it(team: FlaskClient) -> None:
    said = _text(team, "/scores")
    assert re.search(r"CSAT \d+%<span>, between \d+ and \d+, from [\d,]+ answers", said)
    assert re.search(r'role="img" aria-label="CSAT (rose|fell|shows no sure)', said)
    assert "Satisfied" in said and "Mean satisfaction, 1 to 5" in said
    assert "/api/v1/journeys/shop/scores" in said
    assert "wider for it" in said  # sixty customers answered 420 times


@pytest.mark.parametrize(
    "query",
    [
        "?from=2020-01-01&to=2020-02-01",
        "?from=2026-01-01&to=2026-01-01",
        "?channel=sms&survey=relationship",
    ],
)
@pytest.mark.parametrize("path", ["/scores", "/compare", THEME, "/"])
def test_an_odd_view_is_a_sensible_page(team: FlaskClient, path: str, query: str) -> None:
    said = _text(team, path + query)
    assert not re.search(r"\b(nan|inf|None)\b", re.sub(r"<[^>]*>", " ", said))
    assert "Nothing matches" in said or "too few" in said.lower() or "nothing to compare" in said


def test_a_goal_is_set_shown_and_taken_back(team: FlaskClient) -> None:
    assert _save(team, target="99", point_value="500", currency="gbp").status_code == 303
    assert "below the target of 99% for sure" in _text(team, "/scores")
    report = _text(team, "/")
    assert "below the target of 99% for sure" in report and "In money: about £" in report
    assert 'value="99"' in _text(team, "/scores/goals")
    assert _save(team).status_code == 303
    assert "target of" not in _text(team, "/scores")


def test_a_goal_that_makes_no_sense_comes_back_as_typed(team: FlaskClient) -> None:
    reply = _save(team, target="a lot", currency="EUR")
    said = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert 'value="a lot"' in said and "Write a plain number" in said
    assert "belong together" in said and 'aria-invalid="true"' in said


def test_a_theme_s_course_stands_by_touchpoint(team: FlaskClient) -> None:
    said = _text(team, THEME)
    assert "speak badly of it, between" in said and "speak well of it" in said
    assert said.count('role="img"') >= 2
    assert "/pain-points/parcel/delivery_speed" in said
    _text(team, "/themes/nothing_known/over-time", 404)


def test_two_channels_are_compared_by_a_link(team: FlaskClient) -> None:
    said = _text(team, "/compare?channel=sms&other_channel=web")
    assert "by SMS" in said and "on the web" in said
    assert '<option value="web" selected>' in said
    assert "other_channel=web" in said.split("As JSON")[0].rsplit("href=", 1)[1]
    same = _text(team, "/compare?from=2026-01-01&other_from=2026-01-01&other_channel=*&channel=")
    assert "Both sides are the same" in same
    _text(team, "/compare?other_from=yesterday", 422)


def test_the_api_says_what_the_pages_say(team: FlaskClient) -> None:
    scores = team.get("/api/v1/journeys/shop/scores").get_json()
    (csat,) = scores["metrics"]
    assert csat["metric"] == "csat" and csat["design_effect"] >= 1
    assert {"from", "to", "n", "value", "line", "line_low", "line_high"} <= set(csat["points"][0])
    theme = team.get("/api/v1/journeys/shop/themes/delivery_speed/over-time").get_json()
    assert theme["whole"]["n"] and theme["touchpoints"][0]["negative_points"]
    sides = team.get("/api/v1/journeys/shop/compare?channel=sms&other_channel=web").get_json()
    assert (sides["this"]["channel"], sides["other"]["channel"]) == ("sms", "web")
    assert {"value", "low", "high", "p", "q", "told"} <= set(sides["themes"][0])
    assert team.get("/api/v1/journeys/shop/scores?period=all").status_code == 422
    paths = team.get("/openapi.json").get_json()["paths"]
    assert "/api/v1/journeys/{journey}/compare" in paths


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_without_javascript_and_the_menu_opens(open_page: Any, width: int) -> None:
    page = open_page("/scores", width, js=True, signed_in=True)
    for path in ("/", "/scores", "/compare", THEME, "/scores/goals"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    menu = page.locator(".menu summary" if width < 700 else ".more summary")
    menu.click()
    assert page.get_by_role("link", name="Surveys").first.is_visible()


@pytest.fixture
def two_languages(shop: Any, shop_session: Session) -> Iterator[None]:
    """German and English among what is counted, until the test is over."""
    whose = shop.seeded.workspace_id
    place = {"workspace_id": whose, "segment_id": EVERYBODY, "level": TOP, "node": 0, "shelf": 0}
    said = {"channel": "web", "survey_id": 1, "reach": b"", "rest": b""}
    rows = [StatisticCell(**place, **said, language=one) for one in ("de", "en")]
    shop_session.add_all(rows)
    shop_session.commit()
    yield
    for row in rows:
        shop_session.delete(row)
    shop_session.commit()


@pytest.mark.parametrize("path", ["/", "/scores", THEME, "/exports"])
def test_a_language_is_chosen_where_there_are_several(
    team: FlaskClient, two_languages: None, path: str
) -> None:
    said = _text(team, path + "?language=de")
    assert '<option value="de" selected>German</option>' in said
    assert '<option value="en">English</option>' in said


def test_one_language_alone_is_no_choice(team: FlaskClient) -> None:
    for path in ("/", "/scores", "/compare", "/exports"):
        assert 'name="language"' not in _text(team, path)
    assert "Language: no language" in _text(team, "/?language=klingon", 422)


def test_languages_are_compared_by_a_link(team: FlaskClient, two_languages: None) -> None:
    said = _text(team, "/compare?language=de&other_language=*")
    assert "in German, 0 responses" in said and '<option value="*" selected>All' in said
    assert "other_language=%2A" in said.split("As JSON")[0].rsplit("href=", 1)[1]
    assert "a page never opened was in none" in _text(team, "/scores?language=de")
    kept = _text(team, "/pain-points/parcel/delivery_speed?channel=sms")
    assert "<dt>Only</dt><dd>by SMS</dd>" in kept
    assert '<label for="asked_in">Asked in</label>' in _text(team, "/comments?asked_in=de")
