"""`waymark evaluate`: the model's quality, as a table."""

from __future__ import annotations

from pathlib import Path

import click

from nlp.artefact import SHIPPED
from nlp.errors import NlpError
from nlp.evaluation import (
    Score,
    emotion_scores,
    evaluate,
    language_scores,
    markdown_table,
    test_examples,
)
from nlp.reader import Reader
from nlp.training.folder import folder_examples
from nlp.training.gather import training_examples
from nlp.training.label_checks import Joined, label_scores
from nlp.training.linear_peers import Features, LinearSystem, TfIdf, Vectors, frozen_minilm
from nlp.training.many_gather import MANY
from nlp.training.peers import ReaderSystem, System, lexicons


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
    """Measure the reader and its peers on the folder's test parts; some ten minutes.

    Peers: logistic regression on TF-IDF and on frozen MiniLM, VADER, TextBlob.
    """
    try:
        table = markdown_table(_scores(data_folder, model))
    except NlpError as error:
        raise click.ClickException(str(error)) from error
    click.echo(table, nl=False)
    if markdown is not None:
        markdown.write_text(table, encoding="utf-8")


def _scores(data_folder: Path, model: Path | None) -> list[Score]:
    examples, learnt = test_examples(data_folder), training_examples(data_folder)
    folder, frozen = model or SHIPPED, frozen_minilm()
    reader = Reader.load(folder)
    read = ReaderSystem(reader)
    systems: list[System] = [read]
    words: list[Features] = [TfIdf()]
    if frozen is None:
        click.echo("frozen MiniLM left out: install the train extra for it", err=True)
    for features in [*words, *([frozen] if frozen else [])]:
        click.echo(f"training {features.name}", err=True)
        systems.append(LinearSystem(features, learnt))
    systems.extend(lexicons())
    scores = [*evaluate(systems, examples), *emotion_scores(read, examples)]
    click.echo("learning the sources' own labels", err=True)
    ours = Vectors("vectors", reader.parts()[0], questions=True)
    kinds = [Joined(ReaderSystem.name, [ours, TfIdf()]), *words, *([frozen] if frozen else [])]
    if reader.languages.issuperset(MANY):
        scores += language_scores(read, data_folder)
    return [*scores, *label_scores(folder_examples(data_folder), kinds)]
