"""The ways to an export: API, page and command; and the report as a document."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner
from export_rows import DAY, Shop, head, read
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.commands.export import command
from feedback.exports.parquet_writer import parquet_ready
from feedback.exports.pdf.pictures import picture
from feedback.exports.pdf.report import report_pdf, report_view
from feedback.exports.wanted import find_wanted
from models.errors import InvalidInput, NotFound
from models.workspace import ApiKey, Workspace

QUOTE = "Nobody came for an hour 😀 日本, call 07700 900123."


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: Callable[..., Workspace]) -> Shop:
    made = Shop(sqlite_session, make_workspace(sqlite_session, company="Fern & Field"))
    for place in range(40):
        sad = place % 4 == 0
        response = made.response({"score": 1 if sad else 9}, day=place)
        if sad:
            made.comment(QUOTE, response, ("waiting_time", 0, 23))
    sqlite_session.commit()
    return made


def key_of(shop: Shop, now: datetime) -> dict[str, str]:
    key = workspaces.add_key(shop.session, shop.workspace, "exports", now)
    shop.session.commit()
    return {"Authorization": f"Bearer {key}"}


def test_the_api_gives_every_export_in_every_format(
    shop: Shop, client: FlaskClient, now: datetime
) -> None:
    headers = key_of(shop, now)
    described = client.get("/api/v1/exports", headers=headers).json
    assert described and len(described["exports"]) == 5
    for one in described["exports"]:
        answer = client.get(f"/api/v1/exports/{one['kind']}.csv", headers=headers)
        assert answer.status_code == 200 and answer.mimetype == "text/csv"
        assert head(answer.data) == [column["name"] for column in one["columns"]]
        assert f'filename="{one["kind"]}-' in answer.headers["Content-Disposition"]
    answer = client.get("/api/v1/exports/scores.xlsx?to=2026-07-05", headers=headers)
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].max_row == 6
    if parquet_ready():
        answer = client.get("/api/v1/exports/scores.parquet", headers=headers)
        assert answer.data[:4] == answer.data[-4:] == b"PAR1"


def test_what_cannot_be_had_is_refused_before_the_first_byte(
    shop: Shop, client: FlaskClient, now: datetime
) -> None:
    headers = key_of(shop, now)
    for path, status, word in (
        ("/api/v1/exports/nothing.csv", 422, "kind"),
        ("/api/v1/exports/scores.doc", 422, "format"),
        ("/api/v1/exports/scores.csv?survey=x", 404, "survey"),
        ("/api/v1/exports/scores.csv?journey=x", 404, "journey"),
        ("/api/v1/exports/scores.csv?from=soon", 422, "from"),
        ("/api/v1/exports/scores.csv?wrong=1", 422, "wrong"),
    ):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status and answer.json, path
        assert answer.json["error"]["field"] == word


def test_a_revoked_key_gets_nothing(shop: Shop, client: FlaskClient, now: datetime) -> None:
    headers = key_of(shop, now)
    shop.session.execute(update(ApiKey).values(revoked_at=now))
    shop.session.commit()
    for path in ("exports", "exports/responses.csv", "journeys/shop/report.pdf"):
        assert client.get(f"/api/v1/{path}", headers=headers).status_code == 401
        assert client.get(f"/api/v1/{path}").status_code == 401


def test_a_key_opens_its_own_workspace_alone(
    shop: Shop, client: FlaskClient, now: datetime, make_workspace: Callable[..., Workspace]
) -> None:
    other = Shop(shop.session, make_workspace(shop.session, "other"))
    headers = key_of(other, now)
    for kind in ("responses", "comments", "mentions", "scores", "pain-points"):
        assert not read(client.get(f"/api/v1/exports/{kind}.csv", headers=headers).data)


def run(database_url: str, home: Path, *words: str) -> object:
    environment = {"DATABASE_URL": database_url, "WAYMARK_HOME": str(home)}
    return CliRunner(env=environment).invoke(command, list(words))


def test_the_command_writes_a_file_and_says_how_many_rows(
    shop: Shop, sqlite_url: str, tmp_path: Path
) -> None:
    out = tmp_path / "scores.xlsx"
    result = run(sqlite_url, tmp_path, "scores", "--workspace", "shop", "--out", str(out))
    assert "40 rows in" in result.output  # type: ignore[attr-defined]
    assert openpyxl.load_workbook(out).worksheets[0].max_row == 41
    result = run(
        *(sqlite_url, tmp_path, "pain-points", "--workspace", "shop"),
        *("--format", "csv", "--out", "-", "--channel", "web"),
    )
    assert read(result.stdout_bytes)[0]["theme"] == "waiting_time"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("scores", "--out", "x.doc"), "--format"),
        (("scores", "--out", "x.pdf"), "--format"),
        (("report", "--format", "csv", "--out", "x"), "--format"),
        (("scores", "--out", "/nowhere/x.csv"), "--out"),
    ],
)
def test_the_command_s_errors_name_the_mend(
    shop: Shop, sqlite_url: str, tmp_path: Path, words: tuple[str, ...], field: str
) -> None:
    error = run(sqlite_url, tmp_path, *words, "--workspace", "shop").exception  # type: ignore[attr-defined]
    assert isinstance(error, InvalidInput) and error.field == field and error.mend


def test_the_report_is_a_document_to_print(shop: Shop) -> None:
    wanted = find_wanted(shop.session, shop.workspace, {"channel": "web"})
    made = report_pdf(shop.session, shop.workspace, wanted, DAY)
    document = pdfium.PdfDocument(made)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    whole = " ".join(" ".join(pages).split())
    assert document.get_metadata_dict()["Title"].startswith("Fern & Field: Shop, 1 Jul 2026")
    assert document.is_tagged() if hasattr(document, "is_tagged") else b"/MarkInfo" in made
    assert "NPS 50, between" in whole and "from 40 answers" in whole
    assert "Waiting time" in whole and "Costs" in whole and "Only channel web" in whole
    assert "How to read this" in whole and "900123" not in whole and "[phone]" in whole
    # the curve stays with its heading
    assert ["How it feels" in page for page in pages] == ["neutral 0" in page for page in pages]
    assert "How it feels" in pages[0]
    for place, page in enumerate(pages, 1):
        assert f"Page {place} of {len(pages)}" in page
        assert "40 responses" in page and "Fern & Field" in page


def test_a_report_of_nothing_is_a_document_too(
    sqlite_session: Session, make_workspace: Callable[..., Workspace]
) -> None:
    empty = Shop(sqlite_session, make_workspace(sqlite_session))
    made = report_pdf(
        sqlite_session, empty.workspace, find_wanted(sqlite_session, empty.workspace, {}), DAY
    )
    said = pdfium.PdfDocument(made)[0].get_textpage().get_text_bounded()
    assert "Nobody has complained" in said and "nan" not in said.lower()


def test_page_pdf_and_picture_draw_the_same_chart(
    shop: Shop, client: FlaskClient, now: datetime
) -> None:
    headers = key_of(shop, now)
    svg = client.get("/api/v1/journeys/shop/charts/pain-points.svg", headers=headers)
    assert (
        svg.status_code == 200 and svg.text.startswith("<svg xmlns=") and "Waiting time" in svg.text
    )
    assert "var(--" not in svg.text and "stroke: #d2691e" in svg.text
    for chart in ("emotion-curve", "pain-points"):
        png = client.get(f"/api/v1/journeys/shop/charts/{chart}.png", headers=headers)
        assert png.data[:4] == b"\x89PNG" and png.mimetype == "image/png"
    pdf = client.get("/api/v1/journeys/shop/report.pdf", headers=headers)
    assert pdf.data[:5] == b"%PDF-" and pdf.mimetype == "application/pdf"


def test_a_chart_of_nothing_says_so(
    sqlite_session: Session, make_workspace: Callable[..., Workspace]
) -> None:
    empty = Shop(sqlite_session, make_workspace(sqlite_session))
    wanted = find_wanted(sqlite_session, empty.workspace, {})
    view = report_view(sqlite_session, wanted, DAY)
    with pytest.raises(NotFound, match="no pain point"):
        picture(view, "pain-points", "png")
    with pytest.raises(NotFound, match="no chart"):
        picture(view, "pie", "png")
