"""Where events come from, what waits, and what was not taken in; read-only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import refusals
from feedback.hooks import waiting
from feedback.hooks.sources import listed
from feedback.pages.frame import workspace
from models.base import db
from models.intake import IntakeFile, IntakeSource
from surveys.access import Access, allow
from surveys.services import Services

LISTED = 100
FILES = 20
KINDS: Mapping[str, str] = {
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "stripe": "Stripe",
    "zendesk": "Zendesk",
    "json": "Webhook",
    "folder": "Folder",
}
_FIRST: Mapping[str, str] = {
    "api": "Events API",
    "segment": "Segment",
    "hook": "Webhook",
    "file": "Folder",
    "csv": "File",
}


@dataclass(frozen=True)
class Listed:
    """A source as the page shows it; `state` is in words, `good` whether it is well."""

    source: IntakeSource
    kind: str
    state: str
    good: bool


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/sources`."""

    @blueprint.get("/sources")
    @allow(Access.SESSION)
    def sources() -> str:
        session, here = db.session(), workspace()
        refused = refusals.latest(session, here.id, LISTED)
        return render_template(
            "sources.html",
            sources=[_shown(one) for one in listed(session, here.id)],
            files=_files(session, here.id),
            refused=refused,
            early=waiting.newest(session, here.id, LISTED),
            early_count=waiting.count(session, here.id),
            waits_days=waiting.KEEP.days,
            from_where=from_where,
        )


def from_where(source: str) -> str:
    """A source as events carry it, in words: `hook:shopify` is `Webhook shopify`."""
    kind, _, name = source.partition(":")
    return f"{_FIRST.get(kind, kind)} {name}".strip()


def _shown(one: IntakeSource) -> Listed:
    if one.secret is None and one.kind != "folder":
        return Listed(one, KINDS[one.kind], "Waits for its secret", good=False)
    if one.taken_at is None:
        return Listed(one, KINDS[one.kind], "Nothing yet", good=False)
    wrong = one.refused_at is not None and one.refused_at > one.taken_at
    return Listed(one, KINDS[one.kind], "Refused" if wrong else "Sends", good=not wrong)


def _files(session: Session, workspace_id: int) -> list[IntakeFile]:
    mine = select(IntakeFile).where(IntakeFile.workspace_id == workspace_id)
    return list(session.scalars(mine.order_by(IntakeFile.id.desc()).limit(FILES)))
