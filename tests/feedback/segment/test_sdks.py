"""The official SDKs, unchanged but for the host, against a running Waymark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import rudderstack.analytics.client as rudderstack
import segment.analytics.client as segment_sdk
from segment_world import Served, customers, events
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.invitation import Invitation

Make = Callable[..., Any]


def segment(served: Served, **more: Any) -> Any:
    return segment_sdk.Client(served.key, host=served.address, upload_interval=0.05, **more)


def rudder(served: Served, **more: Any) -> Any:
    return rudderstack.Client(served.key, host=served.address, upload_interval=0.05, **more)


SDKS = pytest.mark.parametrize("make", [segment, rudder])


@SDKS
@pytest.mark.parametrize("gzip", [True, False])
def test_what_an_sdk_sends_is_stored_and_asked_about(
    served: Served, session: Session, make: Make, gzip: bool
) -> None:
    failed: list[object] = []
    sdk = make(served, gzip=gzip, on_error=lambda error, batch: failed.append(error))
    traits = {"phone": "07700 900123", "email": "ada@example.org", "firstName": "Ada"}
    sdk.identify("u1", {**traits, "timezone": "Europe/London", "plan": "gold"})
    sdk.track("u1", "Order Completed", {"total": 49.5})
    sdk.page("u1", "Docs", "Start", {"url": "https://shop.example/start"})
    sdk.group("u1", "acme", {"name": "Acme"})
    sdk.shutdown()
    assert not failed
    person = customers(session)["u1"]
    assert (person.phone, person.email) == ("+447700900123", "ada@example.org")
    assert person.timezone == "Europe/London"
    assert person.attributes == {
        "first_name": "Ada",
        "plan": "gold",
        "group": {"id": "acme", "name": "Acme"},
    }
    stored = {one.name: one for one in events(session)}
    assert set(stored) == {"identify", "Order Completed", "page", "group"}
    assert stored["Order Completed"].properties == {"total": 49.5}
    assert stored["page"].properties["name"] == "Start"
    assert session.scalar(select(func.count(Invitation.id))) == 1


@SDKS
def test_a_visitor_who_signs_in_is_one_person(served: Served, session: Session, make: Make) -> None:
    sdk = make(served)
    sdk.track(event="Product Viewed", anonymous_id="visitor")
    sdk.identify("u1", {"email": "ada@example.org"}, anonymous_id="visitor")
    sdk.track(event="Order Completed", anonymous_id="visitor", properties={"total": 12})
    sdk.alias("old-id", "u1")
    sdk.track("old-id", "Order Completed", {"total": 20})
    sdk.shutdown()
    assert list(customers(session)) == ["u1"]
    assert len(events(session)) == 4


@SDKS
def test_an_sdk_that_sends_again_is_counted_once(
    served: Served, session: Session, make: Make
) -> None:
    served.fail = 1
    sdk = make(served, upload_size=2)
    for number in range(4):
        sdk.track("u1", "Order Completed", {"total": number}, message_id=f"m{number}")
    sdk.shutdown()
    again = make(served)
    for number in range(4):
        again.track("u1", "Order Completed", {"total": number}, message_id=f"m{number}")
    again.shutdown()
    assert sorted(one.external_id for one in events(session)) == ["m0", "m1", "m2", "m3"]
    assert served.fail == 0


@SDKS
def test_an_sdk_hears_that_its_key_is_unknown(served: Served, session: Session, make: Make) -> None:
    failed: list[Any] = []
    served.key = "wmk_nobody"
    sdk = make(served, on_error=lambda error, batch: failed.append(error))
    sdk.track("u1", "Order Completed")
    sdk.shutdown()
    assert [one.status for one in failed] == [401]
    assert "API key" in failed[0].message
    assert events(session) == []
