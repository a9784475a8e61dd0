"""Fit a linear head: logistic loss with soft, weighted, partly unknown targets, by L-BFGS."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from nlp.heads import Link, sigmoid, softmax
from nlp.training.targets import Targets

Matrix = NDArray[np.float32]
MAX_ITERATIONS = 60


def fit_linear(vectors: Matrix, targets: Targets, link: Link, l2: float) -> tuple[Matrix, Matrix]:
    """Weights (width x labels) and bias. `l2` is per unit of weight of the data: the penalty is
    l2 x total weight / 2 x the squared weights of the standardised features.
    """
    counts = targets.weight.max(axis=1) > 0
    x, wanted, weight = vectors[counts], targets.wanted[counts], targets.weight[counts]
    mean, scale = x.mean(axis=0), x.std(axis=0) + np.float32(1e-6)
    x = (x - mean) / scale
    labels = wanted.shape[1]
    total = np.broadcast_to(weight, wanted.shape).sum(axis=0).clip(min=1.0)
    share = weight / total if link == "sigmoid" else weight / total[:1]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        w = flat.astype(np.float32).reshape(-1, labels)
        logits = x @ w[:-1] + w[-1]
        value, slope = _logistic(logits, wanted, share, link)
        gradient = np.empty_like(w)
        gradient[:-1] = x.T @ slope + l2 * w[:-1]
        gradient[-1] = slope.sum(axis=0)
        penalty = 0.5 * l2 * float((w[:-1].astype(np.float64) ** 2).sum())
        return value + penalty, gradient.ravel().astype(np.float64)

    start = np.zeros((x.shape[1] + 1) * labels)
    options = {"maxiter": MAX_ITERATIONS, "maxcor": 12, "ftol": 1e-6}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    w = found.reshape(-1, labels).astype(np.float32)
    weights = (w[:-1] / scale[:, None]).astype(np.float32)
    return weights, (w[-1] - mean @ weights).astype(np.float32)


def _logistic(logits: Matrix, wanted: Matrix, share: Matrix, link: Link) -> tuple[float, Matrix]:
    """Loss and its slope by logit."""
    if link == "softmax":
        probabilities = softmax(logits)
        value = -(share * wanted * np.log(probabilities.clip(1e-9))).sum(dtype=np.float64)
    else:
        probabilities = sigmoid(logits)
        softplus = np.logaddexp(np.float32(0), logits)
        value = (share * (softplus - wanted * logits)).sum(dtype=np.float64)
    slope: Matrix = share * (probabilities - wanted)
    return float(value), slope
