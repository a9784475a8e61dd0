"""Making and measuring the model; only `waymark train` and `waymark evaluate` load this."""
