"""The team's tables: sorted by links in their headings, and taken away as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.pages.csv_file import csv_reply, written
from feedback.pages.journey import KEYS, Counts, in_order
from feedback.pages.sorting import arranged, read_sort
from models.invitation import Invitation
from models.journey import Touchpoint
from models.response import Response

FILES = (
    "/responses.csv",
    "/invitations.csv",
    "/surveys.csv",
    "/triggers.csv",
    "/journey.csv",
    "/pain-points.csv",
    "/pain-points/support_call/waiting_time/comments.csv",
)
SORTED = (
    ("/responses", "customer", "Customer"),
    ("/responses", "score", "Score"),
    ("/responses", "feeling", "In their words"),
    ("/responses", "where", "Where"),
    ("/responses", "when", "When"),
    ("/invitations", "customer", "Customer"),
    ("/invitations", "survey", "Survey"),
    ("/invitations", "event", "Because of"),
    ("/invitations", "state", "State"),
    ("/invitations", "made", "Made"),
    ("/surveys", "responses", "Responses"),
    ("/", "impact", "Impact"),
)


def _page(client: FlaskClient, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200, (path, reply.status_code)
    return unescape(reply.get_data(as_text=True))


def _table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    reply = client.get(path)
    assert reply.status_code == 200, (path, reply.status_code)
    return list(csv.DictReader(io.StringIO(reply.get_data().decode("utf-8-sig"))))


def _first_cells(page: str) -> list[str]:
    return re.findall(r"<tr><td[^>]*><a[^>]*>([^<]+)</a>", page)


@pytest.mark.parametrize(("path", "key", "label"), SORTED)
def test_a_heading_sorts_both_ways(team: FlaskClient, path: str, key: str, label: str) -> None:
    for asked, state, onward in ((key, "ascending", f"-{key}"), (f"-{key}", "descending", key)):
        page = _page(team, f"{path}?sort={asked}")
        heading = re.search(rf'<th[^>]*aria-sort="{state}"><a href="([^"]*)">{label}</a>', page)
        assert heading and f"sort={onward}" in heading[1]
        assert page.count(f'aria-sort="{state}"') >= 1


def test_rows_stand_as_they_are_sorted(team: FlaskClient) -> None:
    names = _first_cells(_page(team, "/responses?sort=customer"))
    assert len(names) == 50 and names == sorted(names)
    backwards = _first_cells(_page(team, "/responses?sort=-customer"))
    assert backwards == sorted(backwards, reverse=True) and backwards[0] > names[-1]


def test_the_lowest_scores_come_first_and_unknown_ones_last(team: FlaskClient) -> None:
    for sort, pick in (("score", min), ("-score", max)):
        rows = _table(team, f"/responses.csv?survey=delivery&sort={sort}")
        scores = [row["CSAT"] for row in rows]
        known = [float(score) for score in scores if score]
        assert known[0] == pick(known) and all(scores[: len(known)])


def test_sorted_pages_hold_every_row_once(team: FlaskClient, shop_session: Session) -> None:
    found: list[str] = []
    path = "/responses?sort=score"
    while path:
        page = _page(team, path)
        found += re.findall(r'class="row" href="/responses/(\d+)"', page)
        onward = re.search(r'href="([^"]+)">Next page', page)
        path = onward[1] if onward else ""
    total = shop_session.scalar(select(func.count()).select_from(Response))
    assert len(found) == len(set(found)) == total


@pytest.mark.parametrize("asked", ["nothing", "-", "id;drop", "--score"])
def test_an_unknown_key_falls_back_to_the_default(team: FlaskClient, asked: str) -> None:
    plain, odd = (_page(team, f"/invitations{query}") for query in ("", f"?sort={asked}"))
    assert _first_cells(plain) == _first_cells(odd)
    assert 'aria-sort="descending"' in odd


def test_a_heading_keeps_the_filters_and_leaves_the_page(team: FlaskClient) -> None:
    page = _page(team, "/responses?survey=delivery&before=90&sort=customer")
    links = re.findall(r'class="sortable[^>]*><a href="([^"]*)"', page)
    assert links and all("survey=delivery" in link and "before" not in link for link in links)
    assert 'href="/responses.csv?survey=delivery&sort=customer"' in page
    page = _page(team, "/invitations?sort=customer&status=delivered")
    assert 'href="/invitations.csv?sort=customer&status=delivered"' in page
    assert re.search(r'href="/invitations\?sort=customer"[^>]*>All', page)
    page = _page(team, "/surveys?sort=-responses&triggers=when")
    assert "/surveys?sort=responses&triggers=when" in page
    assert "/surveys?sort=-responses&triggers=-when#triggers" in page


def test_names_of_the_frame_s_own_options_are_only_filters(team: FlaskClient) -> None:
    odd = "endpoint=x&_external=1&_scheme=ftp&_method=POST&_anchor=z&values=y"
    page = _page(team, f"/responses?{odd}")
    assert 'href="/responses?endpoint=x' in page and "ftp:" not in page


def test_the_report_s_table_opens_where_it_is_sorted(team: FlaskClient) -> None:
    assert '<details id="pain-data">' in _page(team, "/")
    page = _page(team, "/?channel=web&sort=-complaints")
    assert '<details id="pain-data" open>' in page
    assert 'name="sort" value="-complaints"' in page
    assert "channel=web&sort=complaints#pain-data" in page
    counts = [int(row["Complaints"]) for row in _table(team, "/pain-points.csv?sort=-complaints")]
    assert len(counts) > 2 and counts == sorted(counts, reverse=True)


def test_comments_stand_unhappiest_first_when_asked(team: FlaskClient) -> None:
    path = "/pain-points/support_call/waiting_time"
    rows = _table(team, f"{path}/comments.csv?sort=feeling")
    felt = [float(row["Sentiment"]) for row in rows]
    assert len(felt) > 2 and felt == sorted(felt)
    assert "0161 496" not in str(rows) and "[phone]" in str(rows)
    page = _page(team, f"{path}?sort=feeling")
    assert re.search(r'aria-current="page">Unhappiest first', page)


@pytest.mark.parametrize("path", FILES)
def test_every_list_is_a_file(team: FlaskClient, shop: Any, path: str) -> None:
    reply = team.get(path)
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="[a-z-]+\.csv"', reply.headers["Content-Disposition"]
    )
    rows = list(csv.reader(io.StringIO(reply.get_data().decode("utf-8-sig"))))
    assert len(rows) > 1 and all(len(row) == len(rows[0]) for row in rows)
    refused = shop.client().get(path)
    assert refused.status_code == 302 and "/sign-in" in refused.headers["Location"]


def test_a_file_holds_all_pages_and_keeps_the_filter(
    team: FlaskClient, shop_session: Session
) -> None:
    total = shop_session.scalar(select(func.count()).select_from(Response))
    assert len(_table(team, "/responses.csv?before=3&page=2")) == total
    assert not _table(team, "/responses.csv?survey=nothing")
    statuses = Counter(shop_session.scalars(select(Invitation.status)))
    commonest, wanted = statuses.most_common(1)[0]
    rows = _table(team, f"/invitations.csv?status={commonest}")
    assert len(rows) == wanted and len({one["State"] for one in rows}) == 1


def test_another_workspace_s_pain_point_is_no_file(team: FlaskClient) -> None:
    assert team.get("/pain-points/support_call/nothing/comments.csv").status_code == 404
    assert team.get("/pain-points.csv?journey=nothing").status_code == 404


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-5", "-5"),
        ("+447700900123", "+447700900123"),
        ("-5.25", "-5.25"),
        (-0.5, "-0.5"),
        (5.0, "5"),
        (True, "yes"),
        (None, ""),
        ("Zoë = 1", "Zoë = 1"),
        (datetime(2026, 1, 31, 9, 30, tzinfo=UTC), "2026-01-31T09:30:00+00:00"),
        (
            datetime(2026, 1, 31, 9, 30, 5, 9, tzinfo=timezone(timedelta(hours=2))),
            "2026-01-31T09:30:05+02:00",
        ),
    ],
)
def test_no_cell_runs_as_a_formula(cell: Any, text: str) -> None:
    assert written(cell) == text


def test_a_long_file_is_whole_and_quoted() -> None:
    rows = ((place, 'says "hello",\nmore and ça va') for place in range(1001))
    with Flask("files").test_request_context():
        said = csv_reply("notes", ("n", "text"), rows).get_data().decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(said, newline="")))
    assert len(found) == 1002 and found[-1] == ["1000", 'says "hello",\nmore and ça va']


def test_a_stage_of_one_touchpoint_has_nothing_to_sort(team: FlaskClient) -> None:
    page = _page(team, "/journey?sort=events")
    assert "sortable" not in page and "visited" in page


def test_touchpoints_stand_as_they_are_sorted() -> None:
    points = [Touchpoint(id=place, name=name) for place, name in ((1, "b"), (2, "a"), (3, "C"))]
    counts = Counts({1: 5, 3: 9}, {}, {2: 1})
    for asked, wanted in (("", "baC"), ("name", "abC"), ("-events", "Cba"), ("comments", "bCa")):
        with Flask("lists").test_request_context(f"/?sort={asked}"):
            found = in_order(read_sort(KEYS), counts, points)
        assert "".join(one.name for one in found) == wanted


def test_what_is_unknown_stands_last_both_ways() -> None:
    for asked, wanted in (("n", [1, 2, None]), ("-n", [2, 1, None])):
        with Flask("lists").test_request_context(f"/?sort={asked}"):
            sort = read_sort(("n",))
        assert arranged([2, None, 1], sort, {"n": lambda row: row}) == wanted
