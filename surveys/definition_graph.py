"""The way through a survey: no loops, no dead ends, nothing that nobody is ever asked.

Works on the raw data, so that the way is checked even where a question can't be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from surveys.definition_nodes import Node, read_nodes
from surveys.questions.base import END, Problem

RESERVED = frozenset({END, "customer", "event", "company", "answer", "all", "any", "not"})


def graph_problems(data: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with keys, targets, conditions and the order of questions."""
    nodes = read_nodes(data.get("questions"))
    by_key = {node.key: node for node in reversed(nodes)}
    problems = [problem for node in nodes for problem in node.problems]
    problems += _key_problems(nodes)
    problems += _target_problems(nodes, by_key)
    loop = _loop(nodes, by_key)
    if loop:
        way = " -> ".join(loop)
        path = f"questions[{by_key[loop[0]].place}].next"
        return [*problems, Problem(path, f"loops: {way}", "Lead forward, or to 'end'.")]
    problems += _unreached(nodes, by_key)
    problems += _looks_ahead(nodes, by_key)
    return problems


def _key_problems(nodes: list[Node]) -> Iterator[Problem]:
    counts = Counter(node.key for node in nodes)
    for node in nodes:
        path = f"questions[{node.place}].key"
        if counts[node.key] > 1:
            yield Problem(path, f"{node.key!r} is used twice", "Give each question its own key.")
        if node.key in RESERVED:
            yield Problem(path, f"{node.key!r} is a reserved word", "Choose another key.")


def _target_problems(nodes: list[Node], by_key: Mapping[str, Node]) -> Iterator[Problem]:
    for node in nodes:
        for path, target in node.exits:
            if target != END and target not in by_key:
                mend = f"Name one of {', '.join(by_key)}, or {END}."
                yield Problem(path, f"leads to {target!r}, which is no question", mend)


def _next(node: Node, by_key: Mapping[str, Node]) -> list[Node]:
    return [by_key[target] for _, target in node.exits if target in by_key]


def _loop(nodes: list[Node], by_key: Mapping[str, Node]) -> list[str]:
    """One loop as the keys along it, its first key again at the end; empty where none is."""
    done: set[str] = set()

    def visit(node: Node, trail: list[str]) -> list[str]:
        if node.key in trail:
            return [*trail[trail.index(node.key) :], node.key]
        if node.key in done:
            return []
        for later in _next(node, by_key):
            found = visit(later, [*trail, node.key])
            if found:
                return found
        done.add(node.key)
        return []

    return next((found for node in nodes if (found := visit(node, []))), [])


def _reachable(start: Node, by_key: Mapping[str, Node]) -> set[str]:
    seen: set[str] = set()
    open_ = [start]
    while open_:
        node = open_.pop()
        if node.key not in seen:
            seen.add(node.key)
            open_ += _next(node, by_key)
    return seen


def _unreached(nodes: list[Node], by_key: Mapping[str, Node]) -> Iterator[Problem]:
    seen = _reachable(nodes[0], by_key) if nodes else set()
    for node in nodes:
        if node.key not in seen:
            mend = "Lead to it from an earlier question, or take it out."
            yield Problem(f"questions[{node.place}]", f"{node.key!r} is never asked", mend)


def _looks_ahead(nodes: list[Node], by_key: Mapping[str, Node]) -> Iterator[Problem]:
    """A condition may look at its own question's answer and those that can come before."""
    before = {node.key: {node.key} for node in nodes}
    for node in nodes:
        for later in _reachable(node, by_key):
            before[later].add(node.key)
    for node in nodes:
        for path, name in node.asks:
            root = name.split(".")[0]
            if root not in before[node.key] and root not in ("customer", "event"):
                mend = f"Use one of {', '.join(sorted(before[node.key]))}, customer.* or event.*."
                yield Problem(path, f"looks at {name!r}, which isn't answered by then", mend)
