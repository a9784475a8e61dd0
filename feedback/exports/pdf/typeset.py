"""Typst, which sets documents and renders pictures: one library for PDF and PNG, nothing else
to install, and tagged PDF (PDF/UA) for those who listen to it.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
ACCESSIBLE = ["ua-1"]
PIXELS_PER_INCH = 144.0
_PICTURE = (
    '#set page(width: auto, height: auto, margin: 12pt, fill: white)\n#set text(lang: "en")\n'
    "#image(bytes(sys.inputs.svg), width: float(sys.inputs.width) * 1pt)\n"
)


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """A document by its template, which finds `data` as JSON in `sys.inputs.data`.

    Where a script has no letters on this machine, it is still tagged but can't claim PDF/UA.
    """
    typst = importlib.import_module("typst")  # only whoever wants a PDF pays for loading it
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    for standards in (ACCESSIBLE, []):
        try:
            return bytes(
                typst.compile(
                    template.read_bytes(),
                    format="pdf",
                    root=str(HERE),
                    font_paths=[str(FONTS)],
                    sys_inputs=inputs,
                    pdf_standards=standards,
                )
            )
        except typst.TypstError:
            if not standards:
                raise
    raise AssertionError("never comes here")


def png(svg: str, width: float) -> bytes:
    """A picture of an SVG, `width` points wide, at PIXELS_PER_INCH."""
    typst = importlib.import_module("typst")
    return bytes(
        typst.compile(
            _PICTURE.encode(),
            format="png",
            ppi=PIXELS_PER_INCH,
            font_paths=[str(FONTS)],
            sys_inputs={"svg": svg, "width": str(width)},
        )
    )
