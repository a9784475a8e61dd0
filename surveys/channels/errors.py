"""Error codes, grouped by what there is to do, each in words: Twilio's, and ours of e-mail.

Source: Twilio's error and warning dictionary. A code that isn't here fails its message alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What a code asks for."""

    OPTED_OUT = "opted_out"  # the customer told the provider to stop: withdrawn
    DEAD = "dead"  # no SMS reaches the number: suppressed for that reason
    PASSING = "passing"  # may work later: tried again within its time
    LATER = "later"  # the same, and it says nothing of the sender: others may leave
    THROTTLED = "throttled"  # too fast: the sender slows down
    SENDER = "sender"  # nothing leaves from this sender until the team mends it: alarm
    MESSAGE = "message"  # this message can't leave as it is, others may: alarm
    OTHER = "other"  # nobody knows: the message failed


@dataclass(frozen=True)
class Code:
    """A code's group, and what happened, for a person."""

    group: Group
    words: str


def _all(group: Group, codes: Mapping[str, str]) -> dict[str, Code]:
    return {code: Code(group, words) for code, words in codes.items()}


_OUTSIDE = "it waited until the 24 hours after the customer's last message were over"

CODES: Mapping[str, Code] = {
    **_all(
        Group.OPTED_OUT,
        {
            "21610": "the customer told the provider to stop",
            "63033": "the customer has blocked the sender in WhatsApp",
        },
    ),
    **_all(
        Group.DEAD,
        {
            "21211": "the number is no phone number",
            "21214": "the number can't be reached by SMS",
            "21217": "the number is no phone number",
            "21614": "the number is not a mobile phone's",
            "30004": "the carrier blocks messages to this number",
            "30005": "the number is unknown or no longer in use",
            "30006": "the number is a landline, or its carrier takes no SMS",
            "mail_refused": "the mail server refuses the address",
            "63003": "the number is not on WhatsApp",
            "63024": "the number is not on WhatsApp, or can't take messages there",
        },
    ),
    **_all(
        Group.PASSING,
        {
            "30003": "the phone was off or out of reach",
            "30008": "the carrier did not say why",
            "30009": "a part of the message was lost on the way",
            "30017": "the carrier's network was congested",
            "30036": "it waited at the provider until its time was over",
            "20500": "the provider had an error of its own",
            "20503": "the provider was out of service",
            "63012": "WhatsApp had an error of its own",
            "no_connection": "the provider could not be reached",
            "mail_unreachable": "the mail server could not be used",
            "mail_busy": "the mail server takes nothing just now",
        },
    ),
    **_all(Group.LATER, {"mail_not_now": "the mail server takes nothing for this address yet"}),
    **_all(
        Group.THROTTLED,
        {
            "20429": "too many requests in a short time",
            "14107": "too many messages in a short time",
            "21611": "the sender's queue at the provider is full",
            "30001": "the sender's queue at the provider overflowed",
            "30022": "the carrier's limit for this sender is used up",
            "30023": "the carrier's limit for today is used up",
            "30027": "the carrier's limit for today is used up",
            "63018": "too many WhatsApp messages in a short time",
            "63038": "the account's limit of messages for today is used up",
        },
    ),
    **_all(
        Group.SENDER,
        {
            "mail_no_server": "no mail server is set: set SMTP_URL and start Waymark again",
            "mail_login": "the mail server refuses the user or password",
            "mail_sender": "the mail server takes nothing from this address: check MAIL_FROM",
            "20003": "the provider refuses the credentials",
            "20005": "the provider's account is not active",
            "20404": "the provider knows no such account or messaging service",
            "21212": "the number to text from is no number of the account",
            "21603": "no number to text from is set",
            "21606": "the number to text from can't send SMS, or is not the account's",
            "21659": "the number to text from is not the account's",
            "21703": "the messaging service holds no number",
            "21705": "the messaging service is unknown",
            "30002": "the provider has suspended the account",
            "30032": "the toll-free number is not verified",
            "30034": "the number is not registered for messages of companies (A2P 10DLC)",
            "30037": "the provider has switched the account's messages off",
            "63001": "WhatsApp refuses the sender's credentials",
            "63007": "the WhatsApp sender is not the account's, or is not set up",
            "63051": "Meta has locked the WhatsApp business account",
        },
    ),
    **_all(
        Group.MESSAGE,
        {
            "21408": "the account may not text this country: allow it in the provider's console",
            "mail_policy": "the mail server refuses it by its rules, not for its address",
            "mail_content": "the mail server refuses what stands in it",
            "21602": "the message has no text",
            "21612": "this sender can't reach the number's country or carrier",
            "21617": "the message is too long",
            "30007": "the carrier filtered the message as unwanted",
            "30018": "the carrier wants the sender's name registered first",
            "30024": "the carrier does not know the number as a sender",
            "30040": "the carrier wants the sender's name registered first",
            "30041": "carriers of the United Kingdom take nothing from this number",
            "21655": "the provider knows no such template",
            "21656": "what fills the template's places is not what it takes",
            "63013": "the message breaks a rule of WhatsApp's",
            "63016": "outside the 24 hours after their last message WhatsApp takes templates only",
            "63027": "the template is not there in this language",
            "63028": "the template has another number of places than were filled",
            "63040": "Meta has rejected the template",
            "63041": "Meta has paused the template, for too many readers disliked it",
            "63042": "Meta has disabled the template",
        },
    ),
    **_all(
        Group.OTHER,
        {
            "63032": "Meta lets nobody write to this customer now, for a trial of its own",
            "63049": "Meta chose not to deliver it, as this customer gets much of its kind",
            "mail_broken_off": "the connection broke while it was handed over",
        },
    ),
    "outside_session": Code(Group.OTHER, _OUTSIDE),
    "gave_up": Code(Group.OTHER, "it was tried until its time was over"),
    "waited_too_long": Code(Group.OTHER, "it waited until nobody expected it any more"),
}
_UNKNOWN = Code(Group.OTHER, "")


def known(code: str | None) -> Code:
    """What is known of a code; of an unknown one nothing but that its message failed."""
    return CODES.get(code or "", _UNKNOWN)
