"""The simulator's phone page: for everybody, live, on a phone, and without JavaScript."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

from feedback.handsets.pages import make_blueprint
from surveys.simulator.account import NUMBER, Account
from surveys.simulator.app import create_app
from surveys.simulator.server import running
from surveys.simulator.service import Simulator
from surveys.simulator.setup import environment
from surveys.simulator.template import Template

PHONE, LANDLINE = "+447700900123", "+15005550009"
PUBLIC = "http://ask.example.com"
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
Open = Callable[..., Page]


def send(simulator: Simulator, body: str, to: str = PHONE, sender: str = NUMBER) -> None:
    simulator.send({"To": to, "From": sender, "Body": body})


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(Account("a-token"))


@pytest.fixture
def client(simulator: Simulator) -> FlaskClient:
    told = environment(simulator.account, PUBLIC, "http://127.0.0.1:8010")
    return create_app(simulator, [make_blueprint(simulator, PUBLIC, told)]).test_client()


@pytest.fixture
def open_phones(browser: Browser, simulator: Simulator, client: FlaskClient) -> Iterator[Open]:
    contexts: list[BrowserContext] = []
    with running(simulator, client.application) as base:

        def opened(path: str, width: int = 390, *, js: bool = True, dark: bool = False) -> Page:
            scheme = "dark" if dark else "light"
            contexts.append(
                browser.new_context(
                    base_url=base,
                    viewport={"width": width, "height": 800},
                    java_script_enabled=js,
                    color_scheme=scheme,
                )
            )
            page = contexts[-1].new_page()
            page.goto(path)
            return page

        yield opened
        for context in contexts:
            context.close()


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_an_empty_page_says_what_to_set(client: FlaskClient) -> None:
    text = words(client.get("/").text)
    assert "No message yet" in text
    assert f"export TWILIO_FROM={NUMBER}" in text
    assert "export TWILIO_API_BASE=http://127.0.0.1:8010" in text
    assert f"export PUBLIC_URL={PUBLIC}" in text


def test_a_thread_says_what_became_of_each_message(
    client: FlaskClient, simulator: Simulator
) -> None:
    send(simulator, f"How was it? {PUBLIC}/s/aB3dE5gH7 & <b>")
    assert "On its way: queued" in client.get("/").text
    simulator.settle()
    page = client.get("/").text
    assert f'href="{PUBLIC}/s/aB3dE5gH7"' in page
    assert "&amp; &lt;b&gt;" in page
    assert "· Delivered" in page
    send(simulator, "Hello", LANDLINE)
    simulator.settle()
    page = client.get(f"/phones/{LANDLINE}").text
    assert "Never arrived: landline or unreachable carrier (30006)" in page


def test_what_is_shown_already_is_not_sent_again(client: FlaskClient, simulator: Simulator) -> None:
    send(simulator, "Hello")
    thread = f"/phones/{PHONE}/thread"
    seen = client.get(thread).text.split('name="seen" value="')[1].split('"')[0]
    assert client.get(thread, query_string={"seen": seen}).status_code == 204
    simulator.settle()
    assert client.get(thread, query_string={"seen": seen}).status_code == 200


def test_stop_is_shown_and_a_name_takes_no_reply(client: FlaskClient, simulator: Simulator) -> None:
    send(simulator, "Hello")
    client.post(f"/phones/{PHONE}", data={"body": "STOP"})
    simulator.settle()
    text = words(client.get("/").text)
    assert "This phone has stopped +1 500-555-0006" in text
    assert "You have successfully been unsubscribed" in text
    send(simulator, "Hello", "+447700900555", "FernField")
    assert "takes no replies" in client.get("/phones/+447700900555").text


def test_another_phone_may_begin(client: FlaskClient, simulator: Simulator) -> None:
    answer = client.post("/phones", data={"number": "+44 7700 900777", "body": "Hello?"})
    assert answer.location == "/phones/+447700900777"
    assert [one.body for one in simulator.book.of_phone("+447700900777")] == ["Hello?"]
    answer = client.post("/phones", data={"number": "me", "body": "Hello?"})
    assert answer.status_code == 400
    assert "is no phone number" in answer.text
    assert 'value="Hello?"' in answer.text
    assert client.post("/phones/me", data={"body": "Hello?"}).status_code == 400


def test_faults_are_set_on_the_page(client: FlaskClient, simulator: Simulator) -> None:
    assert client.post("/faults", data={"odds": "late=0.1,repeat=0.5"}).status_code == 303
    assert simulator.faults.odds == {"late": 0.1, "repeat": 0.5}
    answer = client.post("/faults", data={"odds": "tired=1"})
    assert answer.status_code == 400
    assert "there is no fault" in words(answer.text)
    assert 'value="tired=1"' in answer.text
    assert simulator.faults.odds == {"late": 0.1, "repeat": 0.5}


def test_a_sender_is_blocked_and_let_go_on_the_page(
    client: FlaskClient, simulator: Simulator
) -> None:
    assert client.post("/faults", data={"blocked": f"{NUMBER}=30034"}).status_code == 303
    assert f'value="{NUMBER}=30034"' in client.get("/").text
    send(simulator, "Hello")
    simulator.settle()
    lost = "Never arrived: US A2P 10DLC - Message from an Unregistered Number (30034)"
    assert lost in client.get("/").text
    wrong = {"odds": "late=0.1", "blocked": "+447700900999=30034"}
    answer = client.post("/faults", data=wrong)
    assert answer.status_code == 400
    assert "is none of the account" in words(answer.text)
    assert 'value="+447700900999=30034"' in answer.text
    assert (simulator.faults.odds, simulator.blocks.listed()) == ({}, {NUMBER: 30034})
    client.post("/faults", data={"blocked": ""})
    assert simulator.blocks.listed() == {}


def test_a_page_of_another_site_may_type_nothing(client: FlaskClient, simulator: Simulator) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    form = {"body": "9"}
    assert client.post(f"/phones/{PHONE}", data=form, headers=headers).status_code == 403
    assert simulator.book.phones() == []


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_used_by_everybody(open_phones: Open, simulator: Simulator, dark: bool) -> None:
    for path in ("/", f"/phones/{PHONE}", f"/phones/{LANDLINE}"):
        page = open_phones(path, 320, dark=dark)
        found = Axe().run(page).response["violations"]
        bad = [one for one in found if one["impact"] in {"serious", "critical"}]
        assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in bad] == []
        assert page.evaluate(WIDER) <= 0
        send(simulator, "Hello")
        send(simulator, "Hello", LANDLINE)
        simulator.settle()


@pytest.mark.browser
def test_messages_come_and_go_by_themselves(open_phones: Open, simulator: Simulator) -> None:
    page = open_phones("/")
    expect(page.get_by_role("heading", name="No message yet")).to_be_visible()
    send(simulator, "How was it?")
    bubble = page.locator(".bubble.out")
    expect(bubble).to_have_text("Company: How was it?")
    expect(page.locator(".state.out")).to_contain_text("On its way")
    simulator.settle()
    expect(page.locator(".state.out")).to_contain_text("Delivered")
    box = page.get_by_label("Reply from this phone")
    box.fill("9 - kind driver")
    box.press("Enter")
    expect(page.locator(".bubble.in")).to_contain_text("9 - kind driver")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    assert [one.body for one in simulator.book.of_phone(PHONE)][-1] == "9 - kind driver"


@pytest.mark.browser
def test_it_works_without_javascript(open_phones: Open, simulator: Simulator) -> None:
    for number in range(12):
        send(simulator, f"Question {number}, and what else there is to be said of it")
    page = open_phones(f"/phones/{PHONE}", js=False)
    page.get_by_label("Reply from this phone").fill("9")
    page.locator(".reply button").click()
    expect(page.locator(".bubble.in")).to_be_in_viewport()
    page.get_by_role("link", name="Look for new messages").click()
    expect(page.locator(".bubble.in")).to_be_in_viewport()


def test_whatsapp_is_told_apart_and_its_buttons_can_be_tapped() -> None:
    asks = Template("HX" + "a" * 32, "asks", "How was it? STOP ends it.", buttons={"Good": "10"})
    account = Account("a-token", whatsapp=(NUMBER,), templates=(asks,))
    simulator = Simulator(account)
    pages = make_blueprint(simulator, PUBLIC, environment(account, PUBLIC, "http://127.0.0.1"))
    client = create_app(simulator, [pages]).test_client()
    address = f"whatsapp:{PHONE}"
    sent = {"To": address, "From": f"whatsapp:{NUMBER}", "ContentSid": asks.sid}
    simulator.send(sent)
    send(simulator, "by SMS")
    simulator.settle()
    page = client.get(f"/phones/{address}").text
    assert "How was it?" in page
    assert "by SMS" not in page.split("<section")[1]
    assert words(page).count("WhatsApp") >= 2
    assert 'name="tapped" value="Good"' in page
    client.post(f"/phones/{address}", data={"tapped": "Good"})
    last = simulator.book.of_phone(address)[-1]
    assert (last.body, last.button, last.to) == ("Good", "10", f"whatsapp:{NUMBER}")
    assert 'name="tapped"' not in client.get(f"/phones/{address}").text
    typed = {"number": "+44 7700 900999", "by": "whatsapp", "body": "Hello"}
    client.post("/phones", data=typed)
    assert simulator.book.of_phone("whatsapp:+447700900999")[-1].body == "Hello"
