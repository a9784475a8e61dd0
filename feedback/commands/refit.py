"""`waymark refit`: a finished model's heads fitted again, its encoder as it is."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from nlp.artefact import SHIPPED
from nlp.errors import NlpError


@click.command("refit")
@click.argument("data_folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the model to go on from; the shipped one if left out.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that receives the model: model.json, heads, encoder, tokenizer.",
)
def command(data_folder: Path, model: Path | None, out: Path) -> None:
    """Fit a model's themes and emotions again to labelled comments, in some minutes.

    What the encoder makes of a comment stays as it is, and so do sentiment and urgency. It needs
    the extra `train` (pip install "waymark[train]").
    """
    try:
        # torch comes with the extra; who only reads comments does without
        training = importlib.import_module("nlp.training.refit_model")
    except ModuleNotFoundError as error:
        mend = 'install it with `pip install "waymark[train]"`'
        raise click.ClickException(f"refitting needs {error.name}: {mend}") from error
    try:
        artefact = training.refit(data_folder, model or SHIPPED, out, _progress)
    except NlpError as error:
        raise click.ClickException(str(error)) from error
    _progress(f"wrote {artefact.name} to {out}")


def _progress(message: str) -> None:
    click.echo(message, err=True)
