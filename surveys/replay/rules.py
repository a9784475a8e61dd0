"""The rules of a workspace as they stand in its tables, read once to be replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from models.customer import Segment
from models.errors import NotFound
from models.quota import Quota
from models.survey import Survey, SurveyVersion, Trigger
from models.workspace import Workspace
from surveys.campaign_cost import segments_of
from surveys.considering import Setting
from surveys.prices import Price, prices_of
from surveys.trials import Trial, on_trial_among, running
from surveys.trigger_rows import triggers_of

Line = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Rules:
    """All that decides whom is asked, of one workspace; rows are columns, and bound to nothing.

    `triggers` are those that an event sets off, by its name; `by_trigger` holds every one, by id,
    with what eligibility asks of it. `versions` say in which languages a version speaks.
    `segments` are those of a survey's first SMS.
    """

    workspace: Line
    setting: Setting
    triggers: Mapping[str, Sequence[Line]]
    trials: Mapping[int, Trial]
    by_trigger: Mapping[int, Line]
    surveys: Mapping[int, Line]
    versions: Mapping[int, Line]
    quotas: Sequence[Line]
    prices: Sequence[Price]
    segments: Mapping[int, int]

    @property
    def events(self) -> frozenset[str]:
        """The names of the events that any trigger, on or off, is about."""
        return frozenset(one.event_name for one in self.by_trigger.values() if one.event_name)

    @property
    def workspace_id(self) -> int:
        """Whose rules these are."""
        return int(self.workspace.id)


_WORKSPACE = select(
    Workspace.id,
    Workspace.sender,
    Workspace.whatsapp_sender,
    Workspace.quarantine_days,
    Workspace.timezone,
    Workspace.default_region,
    Workspace.default_locale,
    Workspace.contact_rules,
)
_TRIGGERS = select(
    Trigger.id,
    Trigger.key,
    Trigger.kind,
    Trigger.event_name,
    Trigger.enabled,
    Trigger.sample,
    Trigger.sample_salt,
    Trigger.window,
    Trigger.unless,
    Trigger.timing,
)
_SURVEYS = select(
    Survey.id,
    Survey.key,
    Survey.name,
    Survey.kind,
    Survey.worth,
    Survey.enabled,
    Survey.quarantine_days,
    Survey.contact_rules,
    Survey.whatsapp,
)
_VERSIONS = select(SurveyVersion.id, SurveyVersion.survey_id, SurveyVersion.content_hash)
_QUOTAS = select(
    Quota.id,
    Quota.key,
    Quota.survey_id,
    Quota.counted,
    Quota.period,
    Quota.most,
    Segment.filter.label("wanted"),
).outerjoin(Segment, Segment.id == Quota.segment_id)


def read_rules(session: Session, workspace_id: int, setting: Setting) -> Rules:
    """The workspace's rules as this transaction sees them; some ten statements."""
    triggers = triggers_of(session, workspace_id)
    surveys = session.execute(_SURVEYS.where(Survey.workspace_id == workspace_id)).all()
    by_trigger = session.execute(_TRIGGERS.where(Trigger.workspace_id == workspace_id)).all()
    versions = session.execute(_VERSIONS.where(SurveyVersion.workspace_id == workspace_id))
    quotas = _QUOTAS.where(Quota.workspace_id == workspace_id).order_by(Quota.id)
    return Rules(
        workspace=session.execute(_WORKSPACE.where(Workspace.id == workspace_id)).one(),
        setting=setting,
        triggers=triggers,
        trials=running(session, on_trial_among(triggers.values())),
        by_trigger={row.id: row for row in by_trigger},
        surveys={row.id: row for row in surveys},
        versions={row.id: row for row in versions},
        quotas=session.execute(quotas).all(),
        prices=prices_of(session, workspace_id),
        segments=_segments(session, workspace_id, setting),
    )


def _segments(session: Session, workspace_id: int, setting: Setting) -> Mapping[int, int]:
    """Of each survey that has something to ask; their definitions are parsed on the way."""
    workspace = session.get(Workspace, workspace_id)
    if workspace is None:
        raise NotFound("the workspace is gone")
    sender = workspace.sender or setting.senders.sms
    mine = SurveyVersion.workspace_id == workspace_id
    published = session.scalars(select(SurveyVersion.survey_id).where(mine).distinct()).all()
    return {one: segments_of(session, workspace, one, sender) for one in published}
