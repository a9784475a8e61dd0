"""Fine-tune the encoder with all its heads; the same result every time, and resumable."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from nlp.training.batching import Batch, batches, tensors
from nlp.training.network import Network, loss
from nlp.training.passages import Lesson, with_ours
from nlp.training.plans import Plan
from nlp.training.precision import computing

Progress = Callable[[str], None]
TELL_EVERY = 50


class Trainer:
    """One run: the network, fresh from `base` or as given, its moving average, and where it is."""

    def __init__(
        self,
        base: Path,
        tokenizer: Tokenizer,
        lesson: Lesson,
        plan: Plan,
        folder: Path,
        network: Network | None = None,
    ) -> None:
        torch.manual_seed(plan.seed)
        self.network = network or Network(base, lesson.own.wanted.shape[1], plan.dropout)
        self.network.freeze(plan.frozen)
        self.tokenizer, self.lesson = tokenizer, with_ours(lesson, plan.ours)
        self.plan, self.folder = plan, folder
        body = [p for p in self.network.encoder.parameters() if p.requires_grad]
        groups = [
            {"params": body, "lr": plan.rate},
            {"params": list(self.network.heads.parameters()), "lr": plan.head_rate},
        ]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=plan.decay, fused=True)
        self.average = {
            n: p.detach().clone() for n, p in self.network.named_parameters() if p.requires_grad
        }
        self.step = 0

    def run(self, progress: Progress, before: Callable[[Batch], None] | None = None) -> Network:
        """Train to the end, from the last checkpoint where there is one; the averaged network.

        `before` is told of each batch before it is learnt from.
        """
        plan = self.plan
        passes = {e: sum(1 for _ in self._batches(e)) for e in {0, plan.epochs - 1}}
        whole = passes[0] * (plan.epochs - 1) + passes[plan.epochs - 1]
        steps = min(whole, plan.steps or whole)
        rate = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: _pace(step, steps, plan.warm)
        )
        begun = self._resume(rate)
        if begun:
            progress(f"going on from step {begun:,}")
        for at, (epoch, batch) in enumerate(self._course(), start=1):
            if at > steps:
                break
            if at <= begun:
                continue
            if before:
                before(batch)
            value = self._learn(tensors(self.lesson, batch))
            rate.step()
            self.step = at
            if at % TELL_EVERY == 0:
                progress(f"epoch {epoch + 1}, step {at:,} of about {steps:,}: loss {value:.3f}")
            if at % plan.save_every == 0:
                self._save(rate)
        self._save(rate)
        self.network.load_state_dict(self.average, strict=False)
        self.network.eval()
        return self.network

    def _course(self) -> Iterator[tuple[int, Batch]]:
        for epoch in range(self.plan.epochs):
            for batch in self._batches(epoch):
                yield epoch, batch

    def _batches(self, epoch: int) -> Iterator[Batch]:
        return batches(self.lesson, self.tokenizer, self.plan, epoch)

    def _learn(self, batch: dict[str, Tensor]) -> float:
        self.network.train()
        with computing():
            vectors = self.network.pooled(
                batch["ids"], batch["types"], batch["mask"], batch["members"]
            )
        vectors = vectors.reshape(-1, vectors.shape[-1])[batch["places"]]
        value = loss(self.network(vectors), batch, dict(self.plan.weights))
        value.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        keep = min(self.plan.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                if name in self.average:
                    self.average[name].lerp_(parameter, 1 - keep)
        return float(value.detach())

    def _save(self, rate: Any) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "network": self.network.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "rate": rate.state_dict(),
            "step": self.step,
            "drawn": torch.get_rng_state(),
            "plan": json.dumps(vars(self.plan), sort_keys=True),
        }
        partial = self.folder / "checkpoint.part"
        torch.save(state, partial)
        partial.replace(self.folder / "checkpoint.pt")

    def _resume(self, rate: Any) -> int:
        path = self.folder / "checkpoint.pt"
        if not path.is_file():
            return 0
        state = torch.load(path, weights_only=True)
        if state["plan"] != json.dumps(vars(self.plan), sort_keys=True):
            return 0
        self.network.load_state_dict(state["network"])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        state["rate"].pop("lr_lambdas", None)
        rate.load_state_dict({**rate.state_dict(), **state["rate"]})
        torch.set_rng_state(state["drawn"])
        self.step = int(state["step"])
        return self.step


def _pace(step: int, steps: int, warm: float) -> float:
    """Up in a line, then down along half a cosine."""
    rising = max(1, int(steps * warm))
    if step < rising:
        return (step + 1) / rising
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - rising) / max(1, steps - rising))))
