"""WhatsApp templates as Twilio's Content API keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CONTENT = "https://content.twilio.com/v1/Content"
APPROVED = "approved"
STATUSES = (APPROVED, "unsubmitted", "received", "pending", "rejected", "paused", "disabled")
MOST_BUTTONS = 10
# A time like any other: nothing depends on it.
_MADE = "2026-11-01T09:00:00Z"
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Template:
    """One template; `buttons` are its quick replies, the words of each with the id it sends."""

    sid: str
    name: str
    body: str
    language: str = "en"
    status: str = APPROVED
    buttons: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    def filled(self, variables: Mapping[str, str]) -> str:
        """Its words with the places filled; one that nothing fills stays as it is.

        Where its words are not known, what fills it stands alone.
        """
        if not self.body:
            return " ".join(variables.values()) or self.sid
        return _PLACE.sub(lambda match: variables.get(match.group(1), match.group()), self.body)

    @property
    def kind(self) -> str:
        """Twilio's name of its type."""
        return "twilio/quick-reply" if self.buttons else "twilio/text"


def content_json(template: Template, account_sid: str) -> dict[str, Any]:
    """The resource as the Content API shows it."""
    url = f"{CONTENT}/{template.sid}"
    actions = [
        {"type": "QUICK_REPLY", "title": title, "id": sent}
        for title, sent in template.buttons.items()
    ]
    written: dict[str, Any] = {"body": template.body}
    return {
        "account_sid": account_sid,
        "date_created": _MADE,
        "date_updated": _MADE,
        "friendly_name": template.name,
        "language": template.language,
        "links": {
            "approval_create": f"{url}/ApprovalRequests/whatsapp",
            "approval_fetch": f"{url}/ApprovalRequests",
        },
        "sid": template.sid,
        "types": {template.kind: written | ({"actions": actions} if actions else {})},
        "url": url,
        "variables": {place: place for place in _PLACE.findall(template.body)},
    }


def approval_json(template: Template, account_sid: str) -> dict[str, Any]:
    """How its approval by WhatsApp stands."""
    return {
        "account_sid": account_sid,
        "sid": template.sid,
        "url": f"{CONTENT}/{template.sid}/ApprovalRequests",
        "whatsapp": {
            "allow_category_change": True,
            "category": "UTILITY",
            "content_type": template.kind,
            "name": template.name,
            "rejection_reason": template.reason,
            "status": template.status,
            "type": "whatsapp",
        },
    }


def contents_json(templates: tuple[Template, ...], account_sid: str) -> dict[str, Any]:
    """All of them in one page."""
    links = {"first_page_url": CONTENT, "next_page_url": None, "previous_page_url": None}
    meta = {"key": "contents", "page": 0, "page_size": 50, "url": CONTENT}
    return {
        "contents": [content_json(one, account_sid) for one in templates],
        "meta": meta | links,
    }
