"""What to paste where, so that a source begins to send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from feedback.hooks.sources import Made
from feedback.settings import Settings
from models.intake import IntakeSource
from models.workspace import Workspace

_STEPS: Mapping[str, tuple[str, ...]] = {
    "shopify": (
        "In Shopify, Settings > Notifications > Webhooks, create one each for Order payment, Order",
        "fulfillment, Fulfillment update and Refund create: format JSON, with this address.",
        "Below the list Shopify shows the key it signs with. Give it to Waymark:",
    ),
    "woocommerce": (
        "In WooCommerce, Settings > Advanced > Webhooks, add two, with the topics Order created",
        "and Order updated: status Active, this address as delivery URL, and this secret:",
    ),
    "stripe": (
        "In Stripe, Developers > Webhooks, add an endpoint with this address and the events",
        "charge.succeeded, charge.refunded, invoice.paid and customer.subscription.deleted.",
        "Stripe then shows a signing secret (whsec_…). Give it to Waymark:",
    ),
    "zendesk": (
        "In Zendesk, Admin Center > Apps and integrations > Webhooks, create one with this address",
        "for the event Ticket status changed, or for a trigger (its mapping shows the JSON body).",
        "Zendesk shows its signing secret on the webhook's page. Give it to Waymark:",
    ),
    "json": (
        "POST your JSON there, with the header `Authorization: Bearer SECRET`, or signed:",
        "X-Waymark-Signature: t=SECONDS,v1=HEX, the HMAC-SHA256 of SECONDS, a dot and the body.",
    ),
}


def folder(source: IntakeSource, workspace: Workspace, settings: Settings) -> Path:
    """Where a folder source's files are put."""
    return settings.intake_folder / workspace.name / source.name


def address(source: IntakeSource, workspace: Workspace, settings: Settings) -> str:
    """Where a source sends to."""
    if source.kind == "folder":
        return str(folder(source, workspace, settings))
    return f"{settings.public_url}/hooks/{source.kind}/{source.token}"


def told(made: Made, workspace: Workspace, settings: Settings) -> Iterator[str]:
    """Lines for whoever sets the source up."""
    source = made.source
    yield address(source, workspace, settings)
    yield ""
    if source.kind == "folder":
        yield "Put CSV files there under another name (ending in .part) and rename them to .csv"
        yield "when they are whole. Each ends in done/, with its bad rows beside it."
        return
    yield from _STEPS[source.kind]
    if made.secret:
        yield f"  {made.secret}"
        yield "It is not shown again."
    elif source.secret is None:
        mine = f"--workspace {workspace.name} --name {source.name}"
        yield f"  waymark source secret {mine}"
    how = f"waymark source mapping --workspace {workspace.name} --name {source.name}"
    yield f"How its payloads are read: {how}"
