"""`waymark train`: the model, from labelled comments."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from nlp.errors import NlpError

EPOCHS = 3


@click.command("train")
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
@click.option(
    "--teacher/--no-teacher",
    default=False,
    show_default=True,
    help="Let a larger network learn first, and learn from its readings too.",
)
def command(data_folder: Path, out: Path, cache: Path | None, epochs: int, teacher: bool) -> None:
    """Learn from labelled comments; the same folder always gives the same model.

    An interrupted run continues where it stopped. It needs the extra `train`
    (pip install "waymark[train]").
    """
    try:
        # torch comes with the extra; who only reads comments does without
        training = importlib.import_module("nlp.training.train")
        plans = importlib.import_module("nlp.training.plans")
    except ModuleNotFoundError as error:
        mend = 'install it with `pip install "waymark[train]"`'
        raise click.ClickException(f"training needs {error.name}: {mend}") from error
    try:
        kept = cache or out / ".checkpoint"
        larger = training.larger_folder(kept) if teacher else None
        plan, then = plans.Plan(epochs=epochs), plans.THEN
        artefact = training.train(
            data_folder, out, kept, plan, _progress, teacher=larger, then=then
        )
    except NlpError as error:
        raise click.ClickException(str(error)) from error
    _progress(f"wrote {artefact.name} to {out}")


def _progress(message: str) -> None:
    click.echo(message, err=True)
