"""`python -m feedback` is `waymark`."""

from __future__ import annotations

from feedback.cli import main

main()
