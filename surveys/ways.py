"""The ways a survey is asked by: one function a channel, and what tells the channels apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from surveys.asking import ask_by_sms
from surveys.asking_mail import ask_by_mail
from surveys.asking_whatsapp import ask_by_whatsapp
from surveys.services import Services
from surveys.whom import Whom

Asks = Callable[[Session, Services, Whom, str, datetime], int | None]

ASKS: dict[str, Asks] = {
    "sms": ask_by_sms,
    "whatsapp": ask_by_whatsapp,
    "email": ask_by_mail,
}
"""What writes the first message of a channel; on the web the link is live without one."""
