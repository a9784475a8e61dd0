from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_reader import fake_artefact

from nlp.artefact import METADATA, SHIPPED, TENSORS, read_artefact, write_artefact
from nlp.errors import ArtefactError
from nlp.themes import theme_keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_artefact(tmp_path, fake_artefact())
    return tmp_path


def change(folder: Path, **values: Any) -> None:
    path = folder / METADATA
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_what_is_written_is_read(folder: Path) -> None:
    read, written = read_artefact(folder), fake_artefact()
    assert (read.name, read.weights, read.tokenizer) == (written.name, "fake", "none")
    for name, head in written.heads.items():
        assert read.heads[name].labels == head.labels
        np.testing.assert_array_equal(read.heads[name].weights, head.weights)


def test_equal_models_are_equal_files(folder: Path, tmp_path: Path) -> None:
    write_artefact(tmp_path / "again", fake_artefact())
    for name in (METADATA, TENSORS):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("name", [METADATA, TENSORS])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ArtefactError, match=name):
        read_artefact(folder)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"format": "something-else"}, "does not say"),
        ({"format_version": 3}, "Upgrade Waymark"),
        ({"tensors_sha256": "0" * 64}, "damaged"),
        ({"encoder": {}}, "misstates"),
        ({"heads": {}}, "misstates"),
        ({"encoder": {"weights": "fake", "tokenizer": "none", "width": 3}}, "wrong shape"),
        ({"training": None}, "misstates"),
    ],
)
def test_foreign_newer_and_damaged_models_are_refused(
    folder: Path, values: dict[str, Any], said: str
) -> None:
    change(folder, **values)
    with pytest.raises(ArtefactError, match=said):
        read_artefact(folder)


@pytest.mark.parametrize("content", [b"\x80\x04pickle", b"[]", b"{"])
def test_metadata_that_is_no_object_is_refused(folder: Path, content: bytes) -> None:
    (folder / METADATA).write_bytes(content)
    with pytest.raises(ArtefactError):
        read_artefact(folder)


def test_flipped_bits_are_noticed(folder: Path) -> None:
    body = bytearray((folder / TENSORS).read_bytes())
    body[-1] ^= 1
    (folder / TENSORS).write_bytes(body)
    with pytest.raises(ArtefactError, match="damaged"):
        read_artefact(folder)


def test_the_shipped_model_is_whole_and_small() -> None:
    artefact = read_artefact(SHIPPED)
    assert artefact.heads["themes"].labels == theme_keys()
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 40_000_000
