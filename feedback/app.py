"""The one composition root: settings in, application out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix

from feedback import health, http_errors, security
from feedback.alerts.ways import to_customers, ways_of
from feedback.api import (
    alerts,
    comments,
    conversations,
    docs,
    events,
    experiments,
    exports,
    mending,
    not_asked,
    problems,
    report_files,
    reports,
    segment,
    series,
    triggers,
    what_if,
)
from feedback.api.schemas import ErrorOut
from feedback.hooks import routes as hooks
from feedback.mailing import SmtpGateway
from feedback.pages import routes
from feedback.processes import simulated
from feedback.row_ids import RowId
from feedback.sessions import CookieSessions
from feedback.settings import Settings
from models.base import db
from models.engine import engine_options, parse_url, prepare
from surveys import web, webhooks
from surveys.channels.fallback import WithFallback
from surveys.channels.gateway import Gateway
from surveys.channels.mailbox import MailboxGateway
from surveys.channels.simulator import WHATSAPP_SENDER, SimulatorGateway
from surveys.channels.twilio import TwilioGateway
from surveys.channels.twilio_client import Access
from surveys.services import Services
from surveys.simulator.account import ACCOUNT_SID

MAX_BODY = 8 * 1024 * 1024


def utc_now() -> datetime:
    """The time it is, aware."""
    return datetime.now(UTC)


def twilio_access(settings: Settings) -> Access:
    """How the settings have Twilio reached."""
    return Access(
        account_sid=settings.twilio_account_sid or "",
        auth_token=settings.twilio_auth_token or "",
        api_base=settings.twilio_api_base,
        region=settings.twilio_region,
        edge=settings.twilio_edge,
        api_key=settings.twilio_api_key,
        api_secret=settings.twilio_api_secret,
    )


def fallback_access(settings: Settings) -> Access:
    """How the account of the fall-back is reached: one of its own, or the first."""
    if settings.twilio_fallback_account_sid is None:
        return twilio_access(settings)
    return Access(
        account_sid=settings.twilio_fallback_account_sid,
        auth_token=settings.twilio_fallback_auth_token or "",
        api_base=settings.twilio_fallback_api_base or settings.twilio_api_base,
        region=settings.twilio_fallback_region,
        edge=settings.twilio_fallback_edge,
        api_key=settings.twilio_fallback_api_key,
        api_secret=settings.twilio_fallback_api_secret,
    )


def simulated_access(settings: Settings) -> Access:
    """How the simulated Twilio of the embedded run is reached."""
    return Access(ACCOUNT_SID, simulated.token(settings), settings.waymark_simulator)


def make_gateway(settings: Settings) -> Gateway:
    """Twilio where its account is given, else the simulator: over HTTP where it serves."""
    receipts = f"{settings.public_url}/sms/twilio/status"
    if settings.simulator and settings.waymark_simulator:
        access = simulated_access(settings)
        own = SimulatorGateway()
        return TwilioGateway(access, own.sender, status_callback=receipts, name=own.name)
    if settings.simulator:
        return SimulatorGateway()
    first = TwilioGateway(twilio_access(settings), settings.twilio_sender, None, receipts)
    if settings.fallback_sender is None:
        return first
    second = fallback_access(settings)
    return WithFallback(first, TwilioGateway(second, settings.fallback_sender, None, receipts))


def make_mail(settings: Settings, now: Callable[[], datetime]) -> Gateway:
    """The mail server where one is set; simulated where SMS are too, so that nothing seems sent."""
    if settings.smtp_url is None and settings.simulator:
        return MailboxGateway()
    return SmtpGateway(to_customers(settings), now)


def make_services(settings: Settings, now: Callable[[], datetime] = utc_now) -> Services:
    """What the asking side borrows from outside."""
    return Services(
        now=now,
        gateway=make_gateway(settings),
        public_url=settings.public_url,
        twilio_auth_token=settings.twilio_auth_token or _simulated_token(settings),
        twilio_fallback_token=settings.twilio_fallback_auth_token,
        simulator=settings.simulator,
        mail=make_mail(settings, now),
        simulator_at=settings.waymark_simulator if settings.simulator else None,
        rings=settings.rings,
        whatsapp_sender=WHATSAPP_SENDER if settings.simulator else settings.twilio_whatsapp_from,
    )


def _simulated_token(settings: Settings) -> str | None:
    """What signs webhooks where the simulator serves; nobody's else are taken there."""
    return simulated.token(settings) if settings.waymark_simulator else None


def _configure(app: Flask, settings: Settings) -> None:
    url = parse_url(settings.database_url)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(url),
        MAX_CONTENT_LENGTH=MAX_BODY,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        WTF_CSRF_SSL_STRICT=False,
        ALERT_WAYS=ways_of(settings),
    )


_REPORTS = (
    reports,
    comments,
    conversations,
    mending,
    series,
    alerts,
    exports,
    not_asked,
    report_files,
    triggers,
    what_if,
)


def create_app(settings: Settings, services: Services | None = None) -> Flask:
    """The web application; it opens no connection until the first request."""
    services = services or make_services(settings)
    app = OpenAPI(
        "feedback",
        info=Info(title="Waymark", version="1", description="Customer feedback, self-hosted."),
        security_schemes={"key": {"type": "http", "scheme": "bearer"}},
        doc_ui=False,
        validation_error_callback=problems.validation_response,
        validation_error_model=ErrorOut,
        static_folder="pages/static",
        static_url_path="/static",
        template_folder="pages/templates",
    )
    app.url_map.converters["int"] = RowId
    _configure(app, settings)
    app.session_interface = CookieSessions()
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    if not settings.embedded:  # one proxy stands in front and ends TLS
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    http_errors.install(app)
    security.install(app)
    for module in (health, web, webhooks, routes):
        app.register_blueprint(module.make_blueprint(services))
    for module in (events, segment, hooks, experiments, *_REPORTS):
        app.register_api(module.make_blueprint(services))
    app.register_blueprint(docs.make_blueprint(app))
    return app
