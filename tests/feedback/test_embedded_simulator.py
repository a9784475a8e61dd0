"""The embedded run texts over HTTP: the simulator on one port, our program on another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from asking_world import NPS, PHONE, MakeWorkspace, World
from ours_at_work import served
from sqlalchemy.orm import Session

from benchmarks.ports import free_port
from feedback import settings
from feedback.app import make_services
from feedback.processes import simulated
from feedback.settings import Settings
from feedback.typing_on_phones import type_on
from models.customer import Customer
from models.errors import Conflict
from models.message import Message


@dataclass
class Stage:
    """A customer who was asked, and the settings our processes have."""

    world: World
    told: Settings

    def go_on(self) -> None:
        """One round of the worker, then all that the simulator does about it."""
        self.world.ask()
        requests.post(f"{self.told.waymark_simulator}/simulator/settle", timeout=30)
        self.world.session.expire_all()

    def types(self, body: str, address: str = PHONE) -> None:
        """The customer types on the simulated phone."""
        workspace = self.world.workspace.id
        type_on(self.world.session, make_services(self.told), workspace, address, body)
        self.go_on()

    def outbound(self) -> list[tuple[str, str]]:
        return [(one.provider, one.status) for one in self.world.outbound()]


@pytest.fixture
def stage(
    sqlite_session: Session, make_workspace: MakeWorkspace, sqlite_url: str, tmp_path: Path
) -> Iterator[Stage]:
    port = free_port()
    environment = {
        "WAYMARK_HOME": str(tmp_path),
        "DATABASE_URL": sqlite_url,
        "PORT": str(port),
        "PUBLIC_URL": "https://shop.example",
    }
    with simulated.standing_in(settings.load(environment)) as address:
        told = settings.load({**environment, "WAYMARK_SIMULATOR": address})
        world = World(sqlite_session, make_workspace(sqlite_session))
        with served(world, told, port):
            world.trigger(world.survey())
            world.happens(world.customer())
            made = Stage(world, told)
            made.go_on()
            yield made


def test_a_conversation_runs_over_signed_webhooks_and_receipts(stage: Stage) -> None:
    assert stage.outbound() == [("simulator", "delivered")]
    stage.types("9")
    stage.types("the driver was kind")
    assert stage.world.answers() == {"score": 9, "why": "the driver was kind"}
    assert stage.outbound() == [("simulator", "delivered")] * 3
    came = [row for row in stage.world.rows(Message) if row.direction == "in"]
    assert {row.provider for row in came} == {"simulator"}


def test_stop_is_answered_in_our_own_words_and_holds(stage: Stage) -> None:
    stage.types("STOP")
    last = stage.world.outbound()[-1]
    assert (last.kind, last.status) == ("stop", "delivered")


def test_a_workspace_may_text_from_any_number_of_its_own(stage: Stage) -> None:
    stage.world.workspace.sender = "+447700900999"
    stage.world.session.commit()
    stage.world.happens(stage.world.customer("+447700900124"))
    stage.go_on()
    assert stage.outbound()[-1] == ("simulator", "delivered")


def test_whoever_does_not_know_the_token_is_refused(stage: Stage) -> None:
    form = {"MessageSid": "SM1", "From": PHONE, "To": "+15005550006", "Body": "STOP"}
    url = f"http://127.0.0.1:{stage.told.port}/sms/twilio/inbound"
    assert requests.post(url, data=form, timeout=10).status_code == 403


def test_a_text_that_does_not_arrive_is_said_to_have_not(stage: Stage) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    told = stage.told.model_copy(update={"waymark_simulator": gone})
    with pytest.raises(Conflict, match="does not answer"):
        type_on(stage.world.session, make_services(told), stage.world.workspace.id, PHONE, "9")


def test_whatsapp_works_there_too(stage: Stage) -> None:
    world = stage.world
    text = "Hi {{1}}, how was it? STOP ends it."
    template = {"sid": "HX" + "a" * 32, "text": text, "variables": {"1": "{company}"}}
    definition = {**NPS, "key": "other"}
    survey = world.survey(definition, whatsapp={"invitation": {"en": template}}, quarantine_days=0)
    world.workspace.quarantine_days = 0
    world.session.commit()
    world.opts_in()
    world.whatsapp_sender = make_services(stage.told).whatsapp_sender or ""
    world.trigger(survey, "whatsapp", event_name="written")
    world.happens(world.rows(Customer)[0], name="written")
    stage.go_on()
    assert world.outbound()[-1].body == "Hi Shop, how was it? STOP ends it."
    assert stage.outbound()[-1] == ("simulator", "delivered")
    stage.types("8", f"whatsapp:{PHONE}")
    assert world.outbound()[-1].address == f"whatsapp:{PHONE}"
    assert world.answers() == {"score": 8}
