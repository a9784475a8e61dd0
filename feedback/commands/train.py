"""`waymark train`: the model, from labelled comments."""

from __future__ import annotations

from pathlib import Path

import click

from nlp.encoder import load_encoder
from nlp.errors import NlpError
from nlp.training.train import train


@click.command("train")
@click.argument("data_folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that receives model.json and heads.safetensors.",
)
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of vectors already computed; OUT/.vectors if left out. Safe to delete.",
)
def command(data_folder: Path, out: Path, cache: Path | None) -> None:
    """Learn from labelled comments; the same folder always gives the same model.

    An interrupted run continues where it stopped: vectors are kept in the cache folder.
    """
    try:
        artefact = train(data_folder, out, cache or out / ".vectors", load_encoder(), _progress)
    except NlpError as error:
        raise click.ClickException(str(error)) from error
    _progress(f"wrote {artefact.name} to {out}")


def _progress(message: str) -> None:
    click.echo(message, err=True)
