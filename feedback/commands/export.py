"""`waymark export`: rows as CSV, Excel or Parquet, and the report as a PDF, into a file."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback.commands.context import find_workspace, load_settings, open_engine
from feedback.exports.formats import FORMATS, chunks
from feedback.exports.kinds import KINDS, table
from feedback.exports.pdf.report import report_pdf
from feedback.exports.saving import counted, save
from feedback.exports.wanted import Wanted, find_wanted
from models.errors import InvalidInput

REPORT = "report"
PDF = "pdf"


@click.command()
@click.argument("kind", type=click.Choice([*KINDS, REPORT]))
@click.option("--workspace", "workspace_name", required=True)
@click.option("--format", "format_", type=click.Choice([*FORMATS, PDF]), help="Else as --out ends.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="- is standard output.")
@click.option("--journey", help="Only what belongs to this journey.")
@click.option("--from", "start", help="A date, or a time with its zone.")
@click.option("--to", "end", help="A date, that day included, or a time.")
@click.option("--segment", help="Only customers of this segment.")
@click.option("--channel", help="Only responses by sms or web.")
@click.option("--survey", help="Only responses to this survey.")
@click.option("--language", help="Only what was asked in this language: en, pt-BR.")
def command(
    kind: str, workspace_name: str, format_: str | None, out: Path, **filters: str | None
) -> None:
    """Write rows of a workspace into a file: KIND says which.

    The columns are the same whatever was answered. However many rows there are, little memory is
    needed, and nobody is kept from writing. `report` is the pain-point report as a PDF.
    """
    ending = format_ or out.suffix.removeprefix(".").lower()
    _check(ending, [PDF] if kind == REPORT else list(FORMATS), kind)
    engine = open_engine(load_settings())
    with Session(engine, expire_on_commit=False) as session:
        workspace = find_workspace(session, workspace_name)
        asked = {"from": filters.pop("start"), "to": filters.pop("end"), **filters}
        wanted = find_wanted(session, workspace, asked)
        if kind == REPORT:
            save([report_pdf(session, workspace, wanted, datetime.now(UTC))], out)
    if kind != REPORT:
        _rows(engine, kind, ending, wanted, out)
    engine.dispose()


def _check(ending: str, known: list[str], kind: str) -> None:
    if ending not in known:
        mend = f"Use one of {', '.join(known)}."
        raise InvalidInput(f"{kind} can't come as {ending!r}", field="--format", mend=mend)


def _rows(engine: Engine, kind: str, format_: str, wanted: Wanted, out: Path) -> None:
    made = table(kind, partial(Session, engine), wanted, datetime.now(UTC))
    total = 0

    def progress(rows: int) -> None:
        nonlocal total
        total = rows
        click.echo(f"\r{rows:,} rows", nl=False, err=True)

    save(chunks(counted(made, progress), format_, wanted.zone), out)
    click.echo(f"\r{total:,} rows in {out}", err=True)
