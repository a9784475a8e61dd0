"""What is typed on a customer's simulated phone, on its way to Waymark."""

from __future__ import annotations

import requests
from sqlalchemy.orm import Session

from models.errors import Conflict
from surveys.channels.addresses import channel_of
from surveys.inbound import simulator_reply
from surveys.senders import sender_on
from surveys.services import Services

SECONDS = 15


def type_on(
    session: Session, services: Services, workspace_id: int, address: str, body: str
) -> None:
    """Send it from that phone to the workspace's number, as the simulator would tell it.

    Where no simulator serves, it is taken at once. Raises Conflict where the simulator, or
    Waymark asked by it, doesn't take it.
    """
    if services.simulator_at is None:
        simulator_reply(session, services, workspace_id, address, body, services.now())
        return
    to = sender_on(channel_of(address), session, services, workspace_id)
    session.rollback()  # the webhook that this leads to must find the database free
    url = f"{services.simulator_at}/simulator/phones/{address}"
    try:
        told = requests.post(url, json={"body": body, "to": to}, timeout=SECONDS)
        answered = told.json().get("answered")
    except requests.RequestException as error:
        raise Conflict("the phone simulator does not answer", mend="Send it again") from error
    if not told.ok or answered != 200:
        raise Conflict("the text did not arrive", mend="Send it again")
