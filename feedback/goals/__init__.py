"""What a team wants of its scores: targets, benchmarks, and the worth of a point."""
