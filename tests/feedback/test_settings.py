from __future__ import annotations

import stat
from pathlib import Path

import pytest

from feedback.app import fallback_access, make_gateway, twilio_access
from feedback.settings import BadSettings, load

SID, SECRET = "AC" + "0" * 32, "s" * 40


def test_the_embedded_run_needs_nothing_and_makes_its_own_secret(tmp_path: Path) -> None:
    home = tmp_path / "var"
    settings = load({"WAYMARK_HOME": str(home)})
    assert settings.embedded and settings.simulator
    assert settings.database_url == f"sqlite:///{home}/waymark.db"
    assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600
    assert load({"WAYMARK_HOME": str(home)}).secret_key == settings.secret_key


def test_everything_wrong_is_listed_at_once_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as caught:
        load(
            {
                "WAYMARK_HOME": str(tmp_path),
                "PORT": "eighty",
                "BROKER_URL": "kafka://nowhere",
                "PUBLIC_URL": "waymark.example",
                "SMTP_URL": "mail",
                "TWILIO_ACCOUNT_SID": "AC1",
                "DATABASE_URL": "mysql://host/db",
            }
        )
    said = str(caught.value)
    for name in ("PORT", "BROKER_URL", "PUBLIC_URL", "SMTP_URL", "TWILIO_ACCOUNT_SID", "DATABASE_"):
        assert name in said


def test_production_refuses_to_start_without_its_secrets_and_says_which() -> None:
    with pytest.raises(BadSettings) as caught:
        load({"DATABASE_URL": "postgresql://localhost/waymark"})
    assert {problem.split()[0] for problem in caught.value.problems} == {"SECRET_KEY", "PUBLIC_URL"}


def test_production_starts_with_its_secrets() -> None:
    settings = load(
        {
            "DATABASE_URL": "postgresql://localhost/waymark",
            "SECRET_KEY": SECRET,
            "PUBLIC_URL": "https://cx.example/",
        }
    )
    assert not settings.embedded
    assert settings.public_url == "https://cx.example"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "t" * 32}, "TWILIO_FROM"),
        ({"TWILIO_ACCOUNT_SID": SID, "TWILIO_FROM": "+447700900000"}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_AUTH_TOKEN": "t" * 32}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_API_KEY": "SK" + "0" * 32}, "TWILIO_API_SECRET"),
        ({"TWILIO_API_SECRET": "t" * 32}, "TWILIO_API_KEY"),
    ],
)
def test_half_a_twilio_account_is_refused(
    tmp_path: Path, given: dict[str, str], missing: str
) -> None:
    with pytest.raises(BadSettings, match=missing):
        load({"WAYMARK_HOME": str(tmp_path), **given})


FIRST = {
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": "t" * 32,
    "TWILIO_FROM": "+447700900000",
}
SECOND_SID = "AC" + "7" * 32


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"ACCOUNT_SID": SECOND_SID, "FROM": "+447700900900"},
            "TWILIO_FALLBACK_AUTH_TOKEN is miss",
        ),
        ({"ACCOUNT_SID": SECOND_SID, "AUTH_TOKEN": "u" * 32}, "TWILIO_FALLBACK_FROM or TWILIO_FA"),
        ({"FROM": "+44 7700 900000"}, "is the first sender itself"),
        ({"FROM": "Fern"}, "TWILIO_FALLBACK_FROM: is no phone number"),
        ({"API_KEY": "SK" + "0" * 32, "FROM": "+447700900900"}, "TWILIO_FALLBACK_API_SECRET"),
        ({"API_KEY": "SK" + "0" * 32, "FROM": "+447700900900"}, "TWILIO_FALLBACK_ACCOUNT_SID is m"),
        (
            {"ACCOUNT_SID": SID, "AUTH_TOKEN": "u" * 32, "FROM": "+447700900900"},
            "TWILIO_FALLBACK_ACCOUNT_SID is TWILIO_ACCOUNT_SID",
        ),
    ],
)
def test_half_a_fall_back_is_refused(tmp_path: Path, given: dict[str, str], words: str) -> None:
    told = {f"TWILIO_FALLBACK_{name}": value for name, value in given.items()}
    with pytest.raises(BadSettings, match=words):
        load({"WAYMARK_HOME": str(tmp_path), **FIRST, **told})


def test_a_fall_back_needs_somebody_to_stand_in_for(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="TWILIO_ACCOUNT_SID is missing"):
        load({"WAYMARK_HOME": str(tmp_path), "TWILIO_FALLBACK_FROM": "+447700900900"})


def test_a_fall_back_is_of_the_first_account_unless_it_has_its_own(tmp_path: Path) -> None:
    told = {"WAYMARK_HOME": str(tmp_path), **FIRST, "TWILIO_FALLBACK_FROM": "+447700900900"}
    assert fallback_access(load(told)) == twilio_access(load(told))
    own = {"TWILIO_FALLBACK_ACCOUNT_SID": SECOND_SID, "TWILIO_FALLBACK_AUTH_TOKEN": "u" * 32}
    gateway = make_gateway(load({**told, **own}))
    assert gateway.fallback == "+447700900900"
    assert gateway.account_of("+447700900900") == SECOND_SID
    assert gateway.account_of("+447700900000") == gateway.account_of("+447700900555") == SID
    assert "u" * 32 not in repr(load({**told, **own}))


def test_no_secret_shows_when_settings_are_printed(tmp_path: Path) -> None:
    settings = load(
        {
            "WAYMARK_HOME": str(tmp_path),
            "SECRET_KEY": SECRET,
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": "hush-hush-hush",
            "TWILIO_FROM": "+447700900000",
            "TWILIO_API_KEY": "SK" + "0" * 32,
            "TWILIO_API_SECRET": "hush-hush",
        }
    )
    assert "hush" not in repr(twilio_access(settings))
    assert SECRET not in repr(settings) and "hush" not in repr(settings)


def test_a_refused_secret_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as caught:
        load({"WAYMARK_HOME": str(tmp_path), "SECRET_KEY": "short", "SMTP_URL": "pass-word"})
    assert "short" not in str(caught.value).replace("shorter", "")
    assert "pass-word" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("TWILIO_REGION", "ie1", "Ireland"),
        ("TWILIO_EDGE", "sao-paulo", "dublin.evil.example/"),
        ("TWILIO_API_KEY", "SK" + "a" * 32, "AC" + "a" * 32),
    ],
)
def test_where_twilio_is_reached_is_checked(tmp_path: Path, name: str, good: str, bad: str) -> None:
    told = {
        "WAYMARK_HOME": str(tmp_path),
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": "t" * 32,
        "TWILIO_FROM": "+447700900000",
        **({"TWILIO_API_SECRET": "t" * 32} if name == "TWILIO_API_KEY" else {}),
    }
    access = twilio_access(load({**told, name: good}))
    assert getattr(access, name.lower().removeprefix("twilio_")) == good
    with pytest.raises(BadSettings, match=name):
        load({**told, name: bad})


@pytest.mark.parametrize(
    ("base", "rings"),
    [
        (None, True),
        ("https://proxy.shop.example", True),
        ("http://127.0.0.1:4010", False),
        ("http://localhost:4010", False),
        ("http://[::1]:4010", False),
    ],
)
def test_texts_ring_at_a_provider_that_is_not_on_this_machine(
    tmp_path: Path, base: str | None, rings: bool
) -> None:
    twilio = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": SECRET, "TWILIO_FROM": "+15005550006"}
    given = {"WAYMARK_HOME": str(tmp_path), **twilio}
    assert load(given | ({"TWILIO_API_BASE": base} if base else {})).rings is rings
    assert not load({"WAYMARK_HOME": str(tmp_path)}).rings
