"""`waymark evaluate`: the model's quality, as a table."""

from __future__ import annotations

from pathlib import Path

import click

from nlp.errors import NlpError
from nlp.evaluation import Score, evaluate, markdown_table, test_examples
from nlp.reader import Reader
from nlp.training.gather import training_examples
from nlp.training.peers import ReaderSystem, System, TfIdf, Vader, vader_installed


@click.command("evaluate")
@click.argument("data_folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a model made by `waymark train`; the shipped one if left out.",
)
@click.option(
    "--markdown",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the table into this file.",
)
def command(data_folder: Path, model: Path | None, markdown: Path | None) -> None:
    """Measure the reader, a TF-IDF baseline and VADER on the folder's test parts."""
    try:
        table = markdown_table(_scores(data_folder, model))
    except NlpError as error:
        raise click.ClickException(str(error)) from error
    click.echo(table, nl=False)
    if markdown is not None:
        markdown.write_text(table, encoding="utf-8")


def _scores(data_folder: Path, model: Path | None) -> list[Score]:
    examples = test_examples(data_folder)
    systems: list[System] = [ReaderSystem(Reader.load(model))]
    click.echo("training the TF-IDF baseline", err=True)
    systems.append(TfIdf(training_examples(data_folder)))
    if vader_installed():
        systems.append(Vader())
    else:
        click.echo("VADER left out: install the dev extra for it", err=True)
    return evaluate(systems, examples)
