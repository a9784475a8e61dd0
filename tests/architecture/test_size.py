"""Modules and functions stay small enough to hold in the head."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_MODULE, LONGEST_FUNCTION = 200, 45


def _files() -> list[Path]:
    packages = ("models", "nlp", "surveys", "feedback")
    found = [path for package in packages for path in (ROOT / package).rglob("*.py")]
    return [path for path in found if "versions" not in path.parts]


def test_no_module_grows_past_what_one_person_reads_at_once() -> None:
    long = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in _files()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_MODULE} == {}


def test_no_function_grows_past_a_screen() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in _files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    }
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def test_every_public_thing_says_what_it_is() -> None:
    silent = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in _files()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    }
    assert not silent
