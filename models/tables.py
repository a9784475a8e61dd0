"""Every model in one place, so that the metadata is whole wherever it is needed."""

from __future__ import annotations

from models.alert import Alert, AlertChannel, AlertLook, AlertMute, AlertSend, Digest
from models.answer_correction import AnswerCorrection
from models.base import Base
from models.conversation import Conversation
from models.correction import Correction
from models.customer import Consent, Customer, Segment, StopEverywhere
from models.event import Event
from models.experiment import Experiment, Variant
from models.explanation import Explanation
from models.goal import ScoreGoal
from models.handled import Handled
from models.intake import (
    CustomerAlias,
    IntakeFile,
    IntakeRefusal,
    IntakeSource,
    IntakeWaiting,
)
from models.invitation import Decision, Invitation
from models.job import JobLateness, JobTotal, Lease, Pause, Task, WorkerSeen
from models.journey import Journey, Stage, Touchpoint, TouchpointEvent
from models.meaning import CommentMeaning, MeaningBlock, MeaningMark, MeaningQuestion
from models.message import Message
from models.model_version import ModelVersion
from models.price import SmsPrice
from models.quota import Quota, QuotaUse
from models.rates import RateCell, RateMark
from models.reading import Comment, Mention
from models.response import Answer, Response, Score
from models.retention import Retention
from models.schema_floor import SchemaFloor
from models.sending import SenderState, Suppression
from models.statistics import (
    SegmentMember,
    StatisticCell,
    StatisticMark,
    StatisticPanel,
    StatisticState,
)
from models.survey import Appointment, Survey, SurveyVersion, Trigger
from models.takeover import Takeover
from models.theme import OwnTheme, ThemeExample, ThemeSetting
from models.topic import Topic, TopicComment, TopicRun
from models.workspace import ApiKey, User, Workspace

ALL: tuple[type[Base], ...] = (
    Workspace,
    User,
    ApiKey,
    Customer,
    Consent,
    StopEverywhere,
    Segment,
    Journey,
    Stage,
    Touchpoint,
    TouchpointEvent,
    Survey,
    SurveyVersion,
    Trigger,
    Experiment,
    Variant,
    Appointment,
    Event,
    Invitation,
    Decision,
    Response,
    Answer,
    AnswerCorrection,
    Score,
    Conversation,
    Message,
    Takeover,
    SenderState,
    Suppression,
    SmsPrice,
    Quota,
    QuotaUse,
    Comment,
    Mention,
    Correction,
    ModelVersion,
    Explanation,
    CommentMeaning,
    MeaningBlock,
    MeaningMark,
    MeaningQuestion,
    Handled,
    OwnTheme,
    ThemeExample,
    ThemeSetting,
    ScoreGoal,
    TopicRun,
    Topic,
    TopicComment,
    Alert,
    AlertMute,
    AlertChannel,
    AlertSend,
    Digest,
    AlertLook,
    StatisticCell,
    StatisticMark,
    StatisticState,
    StatisticPanel,
    RateCell,
    RateMark,
    SegmentMember,
    CustomerAlias,
    IntakeSource,
    IntakeFile,
    IntakeRefusal,
    IntakeWaiting,
    Lease,
    Task,
    WorkerSeen,
    Pause,
    JobTotal,
    JobLateness,
    Retention,
    SchemaFloor,
)
