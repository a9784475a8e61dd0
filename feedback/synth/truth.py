"""What the history truly says: each planted pain point's cost, by leaving its responses out."""

from __future__ import annotations

from typing import Any

import numpy as np

from feedback.synth.model import Draws, World


def truth(model: World, draws: Draws) -> list[dict[str, Any]]:
    """The planted pain points, worst first; `impact` in points of NPS.

    impact = NPS(all) - NPS(all without the responses that complain of it), over the very
    responses that were made up; one that nobody came to complain of is left out.
    """
    points = np.where(draws.score >= 9, 100.0, np.where(draws.score <= 6, -100.0, 0.0))
    stages = {place.key: stage.key for stage in model.stages for place in stage.touchpoints}
    found = []
    for column, (number, planted) in enumerate(model.planted):
        said = draws.said[:, column]
        if not 0 < said.sum() < len(said):
            continue
        key = model.places[number].key
        found.append(
            {
                "stage": stages[key],
                "touchpoint": key,
                "theme": planted.theme,
                "impact": round(float(points.mean() - points[~said].mean()), 4),
                "mentions": int(said.sum()),
            }
        )
    return sorted(found, key=lambda one: one["impact"])
