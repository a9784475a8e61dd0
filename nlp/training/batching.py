"""Batches of an epoch: which passages, in which order, as tensors."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from nlp.training.example import bucket
from nlp.training.passages import Lesson, tokenised
from nlp.training.plans import Plan

FINE = 1000


@dataclass
class Batch:
    """Token ids of some passages, and the rows of the lesson their spans stand for."""

    passages: list[int]
    encodings: list[Any]


def drawn(lesson: Lesson, plan: Plan, epoch: int) -> list[int]:
    """The passages of an epoch: a share of 2.0 brings a source's twice, of 0.25 every fourth."""
    shares = plan.shares_in(epoch)
    chosen = []
    for number, rows in enumerate(lesson.passages):
        example = lesson.examples[rows[0]]
        share = shares.get(example.source, 1.0)
        at = bucket(example.text, FINE) / FINE
        times = math.floor(share * (epoch + 1) - at) - math.floor(share * epoch - at)
        chosen.extend([number] * times)
    return chosen


def batches(lesson: Lesson, tokenizer: Tokenizer, plan: Plan, epoch: int) -> Iterator[Batch]:
    """Batches of like length, in an order drawn anew each epoch."""
    draw = random.Random(plan.seed + epoch)  # noqa: S311 - shuffling, not secrets
    chosen = drawn(lesson, plan, epoch)
    draw.shuffle(chosen)
    first = [lesson.examples[lesson.passages[n][0]] for n in chosen]
    asked = [e.question if draw.random() < plan.asked else "" for e in first]
    encodings = tokenised(tokenizer, [e.text for e in first], asked, plan.longest)
    order = sorted(range(len(chosen)), key=lambda i: len(encodings[i].ids) + draw.random() * 4)
    groups: list[list[int]] = [[]]
    for i in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(encodings[i].ids) > plan.tokens:
            groups.append([])
        groups[-1].append(i)
    draw.shuffle(groups)
    for group in groups:
        yield Batch([chosen[i] for i in group], [encodings[i] for i in group])


def tensors(lesson: Lesson, batch: Batch) -> dict[str, Tensor]:
    """A batch as the network takes it: ids, span members, and the targets of its rows."""
    length = max(len(e.ids) for e in batch.encodings)
    spans = max(len(lesson.passages[p]) for p in batch.passages)
    ids, types, mask = (torch.zeros(len(batch.passages), length, dtype=torch.long) for _ in "123")
    members = torch.zeros(len(batch.passages), spans, length)
    rows, places = [], []
    for i, (passage, encoding) in enumerate(zip(batch.passages, batch.encodings, strict=True)):
        size = len(encoding.ids)
        ids[i, :size] = torch.tensor(encoding.ids)
        types[i, :size] = torch.tensor(encoding.type_ids)
        mask[i, :size] = 1
        spoken = max(s for s in encoding.sequence_ids if s is not None) if size > 2 else 0
        for j, row in enumerate(lesson.passages[passage]):
            inside = _inside(encoding, spoken, lesson.examples[row].span)
            if inside:
                members[i, j, inside] = 1.0
                rows.append(row)
                places.append(i * spans + j)
    return {
        "ids": ids,
        "types": types,
        "mask": mask,
        "members": members,
        "places": torch.tensor(places),
        "rows": torch.tensor(rows),
        **targets_of(lesson, np.array(rows, np.intp)),
    }


def _inside(encoding: Any, spoken: int, span: tuple[int, int] | None) -> list[int]:
    start, end = span or (0, 1 << 30)
    pairs = enumerate(zip(encoding.offsets, encoding.sequence_ids, strict=True))
    return [i for i, ((at, _), seq) in pairs if seq == spoken and start <= at < end]


def targets_of(lesson: Lesson, rows: Any) -> dict[str, Tensor]:
    """What the lesson wants of these rows, each named once, as the loss takes it."""
    found: dict[str, Tensor] = {}
    for name in ("sentiment", "themes", "emotions", "urgency", "own"):
        targets = getattr(lesson, name)
        found[name] = torch.from_numpy(targets.wanted[rows])
        found[f"{name}_weight"] = torch.from_numpy(targets.weight[rows])
    place = {int(row): i for i, row in enumerate(rows)}
    sets = [k for row in place for k in lesson.sets_of.get(row, ())]
    found["any_row"] = torch.tensor([place[int(lesson.any_row[k])] for k in sets], dtype=torch.long)
    found["any_of"] = torch.from_numpy(lesson.any_of[sets])
    found["any_weight"] = torch.from_numpy(lesson.any_weight[sets])
    return found
