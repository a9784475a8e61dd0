"""How well vectors know labels that are not ours: heads learnt on top of them, source by source.

A source's own labels (the patient survey's commoner themes, the restaurants' categories) are
learnt by one logistic regression a label from its train part, thresholds by cross-validation
within it, and checked on its test part; the same for every kind of features.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.model_selection import KFold

from nlp.evaluation import Score
from nlp.metrics import theme_scores
from nlp.training.example import Example
from nlp.training.linear_peers import Features, YesNo
from nlp.training.targets import Targets
from nlp.training.thresholds import best_thresholds

COMMONER = {"patient_survey": 34, "restaurant_aspects": 8}
"""Sources, and how many of their labels: the commonest."""
UNNAMED = {"Labelling not possible", "Not assigned"}
FOLDS = 4

Matrix = NDArray[np.float32]


class Joined:
    """Several kinds of features side by side."""

    def __init__(self, name: str, parts: Sequence[Features]) -> None:
        self.name, self._parts = name, parts

    def fit(self, examples: Sequence[Example]) -> None:
        """Learn the columns of each kind."""
        for part in self._parts:
            part.fit(examples)

    def rows(self, examples: Sequence[Example]) -> Any:
        """Sparse: the columns of each kind, one kind after the other."""
        return hstack([csr_matrix(part.rows(examples)) for part in self._parts]).tocsr()


def label_scores(examples: Sequence[Example], kinds: Sequence[Features]) -> list[Score]:
    """Micro- and macro-F1 of the sources' own labels, by source and kind of features."""
    scores = []
    for source, many in COMMONER.items():
        known = [e for e in examples if e.source == source and e.labels is not None]
        learnt = [e for e in known if e.part != "test"]
        tested = [e for e in known if e.part == "test"]
        if not learnt or not tested:
            continue
        labels = _commonest(known, many)
        wanted = [tuple(frozenset([x]) for x in (e.labels or ()) if x in labels) for e in tested]
        for features in kinds:
            found = theme_scores(wanted, _found(features, learnt, tested, labels))
            for measure, value in (("micro", found.micro), ("macro", found.macro)):
                name = f"its own {len(labels)} labels, {measure}-F1"
                scores.append(Score(source, len(tested), name, features.name, value))
    return scores


def _commonest(examples: Sequence[Example], many: int) -> list[str]:
    times = Counter(label for e in examples for label in (e.labels or ()) if label not in UNNAMED)
    return sorted(label for label, _ in times.most_common(many))


def _found(
    features: Features, learnt: Sequence[Example], tested: Sequence[Example], labels: Sequence[str]
) -> list[frozenset[str]]:
    features.fit(learnt)
    x, new = features.rows(learnt), features.rows(tested)
    wanted = np.array([[x in (e.labels or ()) for x in labels] for e in learnt], np.float32)
    unseen = np.zeros_like(wanted)
    for rows, held in KFold(FOLDS, shuffle=True, random_state=0).split(wanted):
        unseen[held] = _probabilities(x[rows], wanted[rows], x[held])
    thresholds = best_thresholds(unseen, Targets(wanted, np.ones_like(wanted)))
    above = _probabilities(x, wanted, new) >= thresholds
    return [frozenset(labels[int(k)] for k in np.flatnonzero(row)) for row in above]


def _probabilities(x: Any, wanted: Matrix, new: Any) -> Matrix:
    """One column a label."""
    columns = [YesNo(x, column > 0).probability(new) for column in wanted.T]
    return np.stack(columns, axis=1)
