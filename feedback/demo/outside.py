"""How the demo's shop and customers reach Waymark: over HTTP, as everybody else does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

TIMEOUT_SECONDS = 10
MOST_QUESTIONS = 5
QUESTION = re.compile(r'name="question" value="(\w+)"')


@dataclass(frozen=True)
class Outside:
    """A running Waymark at `base_url`, and a key to its API."""

    base_url: str
    key: str

    def post_event(self, event: Mapping[str, Any]) -> None:
        """Tell Waymark that something happened."""
        requests.post(
            f"{self.base_url}/api/v1/events",
            json=event,
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=TIMEOUT_SECONDS,
        ).raise_for_status()

    def answer_page(self, token: str, said: Mapping[str, str]) -> None:
        """Open a survey page and answer what it asks, as a browser without JavaScript would."""
        url = f"{self.base_url}/s/{token}"
        page = requests.get(url, timeout=TIMEOUT_SECONDS)
        for _ in range(MOST_QUESTIONS):
            asked = QUESTION.search(page.text)
            if asked is None:
                return
            form = {"question": asked[1], "value": said.get(asked[1], "")}
            page = requests.post(url, data=form, timeout=TIMEOUT_SECONDS)
