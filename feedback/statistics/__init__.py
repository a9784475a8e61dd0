"""Scores, intervals and pain points as pure functions over sums."""
