"""Requests to the program under trial, signed as Twilio signs them."""

from __future__ import annotations

import secrets
import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import RequestException
from twilio.request_validator import (
    HMAC_SHA1,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
)

from surveys.simulator.account import Account

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 15.0
KEPT = 10_000


@dataclass(frozen=True)
class Told:
    """One request, and the status it was answered with; None without an answer."""

    url: str
    fields: Mapping[str, str]
    answered: int | None


class Webhooks:
    """Posts forms. One that finds nobody is tried once more, as Twilio does by default."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._own = threading.local()
        self.told: deque[Told] = deque(maxlen=KEPT)
        self.answers: Counter[str] = Counter()

    def post(self, url: str, fields: Mapping[str, str]) -> int | None:
        """Tell it; the status of the answer, None when there was none."""
        return self._tell(url, fields, self._account.token)

    def repeat(self, url: str, fields: Mapping[str, str]) -> None:
        """Tell it once more, whatever is answered."""
        self.post(url, fields)

    def forge(self, url: str, fields: Mapping[str, str]) -> None:
        """Tell it as somebody would who doesn't know the token."""
        self._tell(url, fields, secrets.token_hex(16))

    def _tell(self, url: str, fields: Mapping[str, str], token: str) -> int | None:
        answered = self._try(url, fields, self._headers(url, fields, token))
        self.told.append(Told(url, dict(fields), answered))
        self.answers[str(answered or "none")] += 1
        return answered

    def _try(
        self, url: str, fields: Mapping[str, str], headers: Mapping[str, str], tries: int = 2
    ) -> int | None:
        try:
            return (
                self._session()
                .post(
                    self._where(url),
                    data=dict(fields),
                    headers=dict(headers),
                    timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                    allow_redirects=False,
                )
                .status_code
            )
        except NoConnection:
            return self._try(url, fields, headers, tries - 1) if tries > 1 else None
        except RequestException:
            return None

    def _where(self, url: str) -> str:
        """Where the program listens, which may be elsewhere than the public address."""
        start, instead = self._account.reached or ("", "")
        return f"{instead}{url.removeprefix(start)}" if start and url.startswith(start) else url

    def _session(self) -> requests.Session:
        """One a thread; no environment, so that no proxy stands between."""
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
            self._own.session.trust_env = False
        session: requests.Session = self._own.session
        return session

    def _headers(self, url: str, fields: Mapping[str, str], token: str) -> dict[str, str]:
        algorithm = self._account.algorithm
        validator = RequestValidator(token)
        headers = {
            "Connection": "close",
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "User-Agent": "TwilioProxy/1.1",
            SIGNATURE_HEADER: validator.compute_signature(url, fields, algorithm),
        }
        if algorithm != HMAC_SHA1:
            headers[SIGNATURE_SETTINGS_HEADER] = f"key=simulator,algorithm={algorithm}"
        return headers
