"""The page of exports: a file, or the form as it was filled in with what is wrong."""

from __future__ import annotations

from html import unescape

import pytest
from flask.testing import FlaskClient


def test_a_file_comes_with_the_name_of_its_kind_and_day(team: FlaskClient) -> None:
    reply = team.get("/exports/file?kind=scores&format=csv&from=2026-01-01")
    assert reply.status_code == 200 and reply.mimetype == "text/csv"
    assert reply.headers["Content-Disposition"].startswith('attachment; filename="scores-20')


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("from=2026-10-02&to=2026-10-01", 422, "To: ends before it begins."),
        ("from=0001-01-01", 422, "From: '0001-01-01' is no date"),
        ("journey=none", 404, "Journey: there is no journey 'none'"),
        ("channel=pigeon", 422, "Channel: no channel 'pigeon'"),
    ],
)
def test_what_is_wrong_stands_above_the_form_as_it_was_filled_in(
    team: FlaskClient, asked: str, status: int, said: str
) -> None:
    reply = team.get(f"/exports/file?kind=mentions&format=xlsx&{asked}")
    page = unescape(reply.get_data(as_text=True))
    assert reply.status_code == status
    assert said in page.split('role="alert">')[1].split("</p>")[0]
    assert 'value="mentions" checked' in page and 'value="xlsx" checked' in page


def test_a_kind_or_format_that_is_not_there_is_refused(team: FlaskClient) -> None:
    refused = {"kind=nothing&format=csv": 404, "kind=scores&format=doc": 404, "": 404}
    for asked, status in refused.items():
        assert team.get(f"/exports/file?{asked}").status_code == status, asked
