"""The fields of Twilio's two webhooks: a message that came in, and a receipt."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException

from surveys.channels.addresses import is_whatsapp, plain
from surveys.simulator.course import DELIVERED
from surveys.simulator.message import VERSION, Message


def inbound(message: Message, service: str | None, opt_out_type: str | None) -> dict[str, str]:
    """What is told of a message from a phone."""
    fields = {
        "AccountSid": message.account_sid,
        "ApiVersion": VERSION,
        "Body": message.body,
        "From": message.phone,
        "MessageSid": message.sid,
        "NumMedia": str(len(message.media)),
        "NumSegments": str(message.segments),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "To": message.to,
    }
    fields |= _place("From", message.phone) | _place("To", message.to)
    for place, kind in enumerate(message.media):
        fields[f"MediaContentType{place}"] = kind
        fields[f"MediaUrl{place}"] = f"https://media.invalid/{message.sid}/{place}"
    if service:
        fields["MessagingServiceSid"] = service
    if message.button is not None:
        fields |= {"ButtonPayload": message.button, "ButtonText": message.body}
    if is_whatsapp(message.phone):
        fields |= {"ProfileName": "", "WaId": plain(message.phone).removeprefix("+")}
    if opt_out_type:
        fields["OptOutType"] = opt_out_type
    return fields


def receipt(message: Message, status: str, error_code: int | None) -> dict[str, str]:
    """What is told of a status."""
    fields = {
        "AccountSid": message.account_sid,
        "ApiVersion": VERSION,
        "From": message.sender or "",
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
        "To": message.to,
    }
    if message.service:
        fields["MessagingServiceSid"] = message.service
    if error_code:
        fields["ErrorCode"] = str(error_code)
    if status == DELIVERED and message.arrived:
        fields["RawDlrDoneDate"] = f"{message.arrived:%y%m%d%H%M}"
    return fields


def _place(side: str, address: str) -> dict[str, str]:
    """Where a number is from: here only its country, where Twilio knows some towns too."""
    try:
        code = phonenumbers.parse(plain(address)).country_code or 0
        region = str(phonenumbers.region_code_for_country_code(code))
    except NumberParseException:
        region = ""
    return {f"{side}{part}": "" for part in ("City", "State", "Zip")} | {f"{side}Country": region}
