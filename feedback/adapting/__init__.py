"""Learning from corrections: candidates are made by a worker, and promoted by a person."""
