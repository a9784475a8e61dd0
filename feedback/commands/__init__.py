"""One module per command of `waymark`."""
