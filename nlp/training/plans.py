"""How long, how fast and on what the network is trained, pass by pass."""

from __future__ import annotations

from dataclasses import dataclass, replace

SHARES = (
    ("bank_requests", 0.2),
    ("clothing", 0.5),
    ("dynasent_r2", 1.5),
    ("emotions", 0.27),
    ("movie_reviews", 0.6),
)
"""How often a source's texts come an epoch, where it is not once: the large ones in parts."""
CLOSING = (
    ("bank_requests", 0.1),
    ("clothing", 0.5),
    ("dynasent_r2", 1.5),
    ("emotions", 0.15),
    ("movie_reviews", 0.3),
    ("tweets", 0.5),
)
"""The same in the last epoch: what is nearest to feedback is learnt last."""


NEARER = (
    ("bank_requests", 0.1),
    ("clothing", 0.5),
    ("dynasent_r1", 1.5),
    ("dynasent_r2", 2.0),
    ("emotions", 0.06),
    ("movie_reviews", 0.35),
    ("patient_survey", 1.2),
    ("restaurant_aspects", 0.5),
    ("seeds", 0.5),
    ("sentences", 0.7),
    ("tweets", 0.5),
    ("written", 0.7),
)
"""The same in a pass for the sentiment."""
NEAREST = (
    ("bank_requests", 0.0),
    ("clothing", 0.3),
    ("dynasent_r1", 2.0),
    ("dynasent_r2", 2.0),
    ("emotions", 0.03),
    ("movie_reviews", 0.4),
    ("patient_survey", 1.2),
    ("restaurant_aspects", 0.5),
    ("seeds", 0.0),
    ("sentences", 0.2),
    ("tweets", 0.4),
    ("urgency", 0.5),
    ("written", 0.2),
)
"""The same in the last pass, for the sentiment of what real people wrote."""
WEIGHTS = (
    ("sentiment", 1.0),
    ("themes", 0.4),
    ("emotions", 0.5),
    ("urgency", 0.3),
    ("own", 0.2),
    ("any", 0.4),
)
"""How much each head's loss counts; those of several labels are sums over the labels."""
FOR_SENTIMENT = (
    ("sentiment", 1.0),
    ("themes", 0.1),
    ("emotions", 0.06),
    ("urgency", 0.05),
    ("own", 0.03),
    ("any", 0.1),
)
"""The same where the others must only not be forgotten."""
STILL_LESS = (
    ("sentiment", 1.0),
    ("themes", 0.08),
    ("emotions", 0.04),
    ("urgency", 0.04),
    ("own", 0.02),
    ("any", 0.08),
)


@dataclass(frozen=True)
class Plan:
    """How long and how fast; a batch holds `tokens` tokens at most, its padding counted.

    `steps` stops sooner, for a trial. `asked` is how often a comment comes with the question it
    answers; as many come without. `shares` are how often a source's texts come an epoch, `closing`
    those of the last. `dropout` is the encoder's own; its words and its lowest `frozen` layers stay
    as they come. `weights` are those of the heads' losses,
    and `ours` how much the sentiment of our own comments counts, beside what it does elsewhere.
    """

    epochs: int = 3
    steps: int | None = None
    rate: float = 1.2e-4
    head_rate: float = 1e-3
    tokens: int = 700
    longest: int = 112
    warm: float = 0.06
    decay: float = 0.01
    average: float = 0.998
    dropout: float = 0.1
    frozen: int = 0
    seed: int = 20261122
    save_every: int = 400
    asked: float = 0.8
    shares: tuple[tuple[str, float], ...] = SHARES
    closing: tuple[tuple[str, float], ...] = CLOSING
    weights: tuple[tuple[str, float], ...] = WEIGHTS
    ours: float = 1.0

    def shares_in(self, epoch: int) -> dict[str, float]:
        """How often a source's texts come in this epoch, where it is not once."""
        last = epoch + 1 == self.epochs > 1
        return dict(self.closing if last else self.shares)


SENTIMENT = Plan(
    epochs=1,
    rate=1e-4,
    head_rate=5e-4,
    tokens=500,
    average=0.995,
    asked=0.9,
    shares=NEARER,
    weights=FOR_SENTIMENT,
)
THEN = (
    SENTIMENT,
    replace(SENTIMENT, rate=8e-5, tokens=400, shares=NEAREST, weights=STILL_LESS, ours=0.25),
)
"""Further passes for the sentiment: beside all the other heads it learns too little."""
