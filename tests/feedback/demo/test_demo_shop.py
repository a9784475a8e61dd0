from __future__ import annotations

import stat
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import security
from feedback.demo import shop
from feedback.settings import load
from models import migrate
from models.engine import make_engine
from models.survey import Survey, SurveyVersion, Trigger


def test_the_demo_is_set_up_once_and_says_how_to_sign_in(tmp_path: Path) -> None:
    settings = load({"WAYMARK_HOME": str(tmp_path)})
    engine = make_engine(settings.database_url)
    migrate.upgrade(engine)
    greeting = shop.set_up(settings)
    again = shop.set_up(settings)
    assert greeting == again
    access = shop.read_access(settings)
    assert access is not None and access.password in greeting
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    with Session(engine) as session:
        assert security.authenticate(session, access.email, access.password) is not None
        assert security.workspace_of_key(session, access.key) is not None
        surveys = session.scalar(select(func.count(Survey.id)))
        assert surveys == session.scalar(select(func.count(SurveyVersion.id))) == 5
        assert session.scalar(select(func.count(Trigger.id))) == 5
