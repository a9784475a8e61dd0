"""Twilio through its own SDK; loaded only where Twilio is configured."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from urllib3.exceptions import NewConnectionError

from surveys.channels.gateway import (
    Accepted,
    Found,
    GatewayUnavailable,
    Outcome,
    Outgoing,
    Refused,
    RetryLater,
    Unknown,
)
from surveys.channels.twilio_client import Access, connect
from surveys.channels.twilio_listed import same

OPTED_OUT = 21610
NOT_FOUND = 404
TIMEOUT_SECONDS = 10.0
PAGE, LOOK_THROUGH = 50, 1000
# Their clock and ours may differ.
CLOCKS_APART = timedelta(minutes=5)


class TwilioGateway:
    """SMS by Twilio, for one account.

    `sender` is the number to text from; a messaging service (MG...), where there is one,
    goes before it. `status_callback` is where receipts go. `name` is told apart in our rows:
    what the simulated Twilio has, Twilio itself must never be asked to send.
    """

    fallback: str | None = None

    def __init__(
        self,
        access: Access,
        sender: str | None,
        messaging_service_sid: str | None = None,
        status_callback: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
        name: str = "twilio",
    ) -> None:
        self.name = name
        self.sender = messaging_service_sid or sender or ""
        self._status_callback = status_callback
        self._access, self._timeout = access, timeout
        self.account = access.account_sid
        self._hands = threading.local()

    @property
    def _client(self) -> Any:
        """The SDK's client of this thread: its connections are not made to be shared."""
        if not hasattr(self._hands, "client"):
            self._hands.client = connect(self._access, self._timeout)
        return self._hands.client

    def account_of(self, sender: str) -> str | None:
        """This one, whoever sends."""
        return self.account

    def send(self, outgoing: Outgoing) -> Outcome:
        """Create the message. Only what surely was not accepted is refused or retried."""
        try:
            made = self._client.messages.create(
                to=outgoing.address,
                **_said(outgoing),
                **self._callback(outgoing.message_id),
                **_from(outgoing.sender),
            )
        except TwilioRestException as error:
            return _of_error(error)
        except ConnectTimeout:
            return RetryLater("no_connection")
        except RequestsConnectionError as error:
            return RetryLater("no_connection") if _never_connected(error) else Unknown("cut_off")
        except RequestException as error:
            return Unknown(type(error).__name__)
        except (TwilioException, ValueError, KeyError, TypeError) as error:
            # An answer came, but none of Twilio's: a proxy's page, or a torn body.
            return Unknown(type(error).__name__)
        if made.to != outgoing.address:
            # whatever this answers, it is another message: a stray answer on a kept connection
            return Unknown("other_answer")
        return Accepted(str(made.sid), str(made.status), _code(made.error_code))

    def _callback(self, message_id: int) -> dict[str, str]:
        """Where receipts go; it names our row, since a receipt may outrun the answer."""
        if self._status_callback is None:
            return {}
        return {"status_callback": f"{self._status_callback}?m={message_id}"}

    def find(
        self, outgoing: Outgoing, since: datetime, taken: frozenset[str] = frozenset()
    ) -> Found | None:
        """Look through Twilio's list, newest first, back to just before the attempt.

        The list isn't filtered by the date of sending, which a message still queued lacks.
        """
        self._must_be_ours(outgoing.account)
        try:
            for listed in self._listed(outgoing, since - CLOCKS_APART):
                if listed.sid not in taken and same(listed, outgoing):
                    return Found(str(listed.sid), str(listed.status), _code(listed.error_code))
        except (TwilioException, RequestException, ValueError, KeyError) as error:
            raise GatewayUnavailable(type(error).__name__) from error
        return None

    def status(self, provider_id: str, account: str | None) -> Found | None:
        """Fetch the message; None where Twilio keeps it no more."""
        self._must_be_ours(account)
        try:
            made = self._client.messages(provider_id).fetch()
            return Found(str(made.sid), str(made.status), _code(made.error_code))
        except TwilioRestException as error:
            if error.status == NOT_FOUND:
                return None
            raise GatewayUnavailable(f"it answers {error.status}") from error
        except (TwilioException, RequestException, ValueError, KeyError, TypeError) as error:
            raise GatewayUnavailable(type(error).__name__) from error

    def _must_be_ours(self, account: str | None) -> None:
        """Of another account's messages nothing may be concluded."""
        if account is not None and account != self.account:
            raise GatewayUnavailable(f"the account {account} is set up no more")

    def _listed(self, outgoing: Outgoing, since: datetime) -> Iterator[Any]:
        one_number = {} if _is_service(outgoing.sender) else {"from_": outgoing.sender}
        for listed in self._client.messages.stream(
            to=outgoing.address, page_size=PAGE, limit=LOOK_THROUGH, **one_number
        ):
            if listed.date_created is not None and listed.date_created < since:
                return
            yield listed


def _is_service(sender: str) -> bool:
    return sender.startswith("MG")


def _from(sender: str) -> dict[str, str]:
    return {"messaging_service_sid" if _is_service(sender) else "from_": sender}


def _said(outgoing: Outgoing) -> dict[str, str]:
    """Words of our own, or a template with what fills its places."""
    content = outgoing.content
    if content is None:
        return {"body": outgoing.body}
    return {"content_sid": content.sid, "content_variables": content.variables}


def _of_error(error: TwilioRestException) -> Outcome:
    """What an error reply says of the message.

    A 5xx with an error code of Twilio's own, and a 503, mean that nothing was accepted.
    Another 5xx may come from something between us, after the message was taken.
    """
    code = str(error.code)
    if error.status == 429 or error.status == 503:
        return RetryLater(code)
    if error.status >= 500:
        own = error.code is not None and error.code != error.status
        return RetryLater(code) if own else Unknown(f"http_{error.status}")
    return Refused(code, opted_out=error.code == OPTED_OUT)


def _never_connected(error: RequestsConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def _code(code: Any) -> str | None:
    return None if code is None else str(code)
