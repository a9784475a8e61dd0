"""Settings from the environment, validated once at start; everything wrong is listed together."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, ValidationError, model_validator

from feedback import fallback_settings
from feedback import setting_checks as checks
from feedback.fallback_settings import FallbackSettings
from models.errors import InvalidInput

MINIMUM_SECRET = 32
_OURSELVES = ("localhost", "127.0.0.1", "::1")
_TOGETHER = (
    ("twilio_account_sid", "twilio_auth_token"),
    ("twilio_auth_token", "twilio_account_sid"),
    ("twilio_api_key", "twilio_api_secret"),
    ("twilio_api_secret", "twilio_api_key"),
    ("twilio_api_key", "twilio_account_sid"),
    ("twilio_whatsapp_from", "twilio_account_sid"),
)


class Settings(FallbackSettings):
    """Everything the program is told from outside; field names are the variables' names.

    `waymark_simulator` is where the simulated Twilio serves; the embedded run tells its own
    processes.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    waymark_home: Path = Path("var")
    database_url: Annotated[str, AfterValidator(checks.database)] = ""
    broker_url: Annotated[str, AfterValidator(checks.broker)] | None = None
    secret_key: str = Field(default="", repr=False)
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: Annotated[str, AfterValidator(checks.web_address)] = ""
    twilio_account_sid: str | None = Field(default=None, pattern=r"^AC[0-9a-fA-F]{32}$")
    twilio_auth_token: str | None = Field(default=None, repr=False, min_length=8)
    twilio_from: Annotated[str, AfterValidator(checks.number)] | None = None
    twilio_whatsapp_from: Annotated[str, AfterValidator(checks.whatsapp_number)] | None = None
    twilio_messaging_service_sid: str | None = Field(default=None, pattern=r"^MG[0-9a-fA-F]{32}$")
    twilio_api_key: str | None = Field(default=None, pattern=r"^SK[0-9a-fA-F]{32}$")
    twilio_api_secret: str | None = Field(default=None, repr=False, min_length=8)
    twilio_region: Annotated[str, AfterValidator(checks.twilio_region)] | None = None
    twilio_edge: Annotated[str, AfterValidator(checks.twilio_edge)] | None = None
    twilio_api_base: Annotated[str, AfterValidator(checks.web_address)] | None = None
    waymark_simulator: Annotated[str, AfterValidator(checks.web_address)] | None = None
    intake_folder: Path = Path("inbox")
    sending_threads: int = Field(default=8, ge=1, le=64)
    smtp_url: Annotated[str, AfterValidator(checks.smtp)] | None = Field(default=None, repr=False)
    alerts_from: Annotated[str, AfterValidator(checks.sender)] | None = None
    mail_from: Annotated[str, AfterValidator(checks.sender)] | None = None
    alerts_private_webhooks: Literal["0", "1"] = "0"
    waymark_demo: Literal["0", "1"] = "0"
    waymark_env: Literal["embedded", "production"] = "embedded"

    @property
    def embedded(self) -> bool:
        """True on the embedded default: SQLite, one machine, the clock inside `serve`."""
        return self.database_url.startswith("sqlite")

    @property
    def simulator(self) -> bool:
        """True where no provider is configured and the phone simulator takes its place."""
        return self.twilio_account_sid is None

    @property
    def rings(self) -> bool:
        """True where texts reach real phones: at a provider that is not a server of our own."""
        host = urlsplit(self.twilio_api_base or "").hostname or ""
        return not self.simulator and host not in _OURSELVES

    @property
    def twilio_sender(self) -> str | None:
        """The number or messaging service that texts where a workspace has none of its own."""
        return self.twilio_messaging_service_sid or self.twilio_from

    @model_validator(mode="after")
    def _twilio_is_whole(self) -> Self:
        missing = [
            f"{absent.upper()} is missing beside {there.upper()}"
            for there, absent in _TOGETHER
            if getattr(self, there) and not getattr(self, absent)
        ]
        if self.twilio_account_sid and not (self.twilio_from or self.twilio_messaging_service_sid):
            missing.append("TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID is missing")
        missing += fallback_settings.problems(self, self.twilio_account_sid, self.twilio_sender)
        if missing:
            raise ValueError("; ".join(missing))
        return self


class BadSettings(InvalidInput):
    """One or more settings are wrong or missing; `problems` lists all of them."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        listed = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"these settings stop the start:\n{listed}")


def _own_secret(home: Path) -> str:
    """The embedded run's secret: made once, readable by its owner alone."""
    path = home / "secret_key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _production_problems(values: Mapping[str, str]) -> list[str]:
    """What production must be told and never makes up for itself."""
    problems = []
    secret = values.get("secret_key", "")
    if not secret:
        problems.append(
            'SECRET_KEY is missing: make one with `python -c "import secrets; '
            'print(secrets.token_urlsafe(48))"`'
        )
    if not values.get("public_url"):
        problems.append("PUBLIC_URL is missing: the https:// address customers reach")
    return problems


def _is_production(values: Mapping[str, str]) -> bool:
    database = values.get("database_url", "")
    return values.get("waymark_env") == "production" or bool(
        database and not database.startswith("sqlite")
    )


def _with_defaults(values: dict[str, str]) -> dict[str, str]:
    home = Path(values.get("waymark_home", "var")).absolute()
    values["waymark_home"] = str(home)
    values.setdefault("database_url", f"sqlite:///{home / 'waymark.db'}")
    values.setdefault("intake_folder", str(home / "inbox"))
    values.setdefault("public_url", f"http://127.0.0.1:{values.get('port', '8000')}")
    if not values.get("secret_key"):
        values["secret_key"] = _own_secret(home)
    return values


def _words(error: ValidationError) -> list[str]:
    problems = []
    for item in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in item["loc"]).upper()
        text = item["msg"].removeprefix("Value error, ")
        problems.append(f"{name}: {text}" if name else text)
    return problems


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from the environment; raises BadSettings with everything that is wrong.

    Production is PostgreSQL or WAYMARK_ENV=production: it refuses to start without its
    secrets. The embedded run needs nothing and makes its own secret.
    """
    names = Settings.model_fields
    values = {name: environ[name.upper()] for name in names if environ.get(name.upper())}
    problems = _production_problems(values) if _is_production(values) else []
    if len(values.get("secret_key", "x" * MINIMUM_SECRET)) < MINIMUM_SECRET:
        problems.append(f"SECRET_KEY is shorter than {MINIMUM_SECRET} characters")
    try:
        settings = Settings.model_validate(values if problems else _with_defaults(values))
    except ValidationError as error:
        problems += _words(error)
    if problems:
        raise BadSettings(problems)
    return settings
