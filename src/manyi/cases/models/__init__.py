"""Act: the case register, and the mail that comes to it."""

from manyi.cases.models.categories import CategoryVersion
from manyi.cases.models.groups import CaseGroup, GroupMember, NotTheSame
from manyi.cases.models.learning import CategoryModel
from manyi.cases.models.mail import MailBox, ReceivedMail
from manyi.cases.models.posts import PostFile, PostSource, ReceivedPost
from manyi.cases.models.register import (
    Assignment,
    CallBack,
    Case,
    CaseImport,
    CaseMessage,
    Category,
    ClockResult,
    Pause,
    SlaPolicy,
    Solution,
    SuggestionBox,
)
from manyi.cases.models.routing import Absence, RoutingRule
from manyi.cases.models.seeing import SavedList
from manyi.cases.models.supervision import Assessment, AssessmentChange, Checklist, SupervisionSample
from manyi.cases.models.voice import Rating
from manyi.cases.models.words import AnswerDraft, AnswerTemplate, Mention
from manyi.cases.models.work import Demand, Escalation, Extension, ExternalCase, Review, SideTask, Warned

__all__ = [
    "Absence",
    "AnswerDraft",
    "AnswerTemplate",
    "Assessment",
    "AssessmentChange",
    "Assignment",
    "CallBack",
    "Case",
    "CaseGroup",
    "CaseImport",
    "CaseMessage",
    "Category",
    "CategoryModel",
    "CategoryVersion",
    "Checklist",
    "ClockResult",
    "Demand",
    "Escalation",
    "Extension",
    "ExternalCase",
    "GroupMember",
    "MailBox",
    "Mention",
    "NotTheSame",
    "Pause",
    "PostFile",
    "PostSource",
    "Rating",
    "ReceivedMail",
    "ReceivedPost",
    "Review",
    "RoutingRule",
    "SavedList",
    "SideTask",
    "SlaPolicy",
    "Solution",
    "SuggestionBox",
    "SupervisionSample",
    "Warned",
]
