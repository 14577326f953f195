"""Act: the case register, and the mail that comes to it."""

from manyi.cases.models.mail import MailBox, ReceivedMail
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
from manyi.cases.models.work import Demand, Escalation, Extension, ExternalCase, Review, SideTask, Warned

__all__ = [
    "Assignment",
    "CallBack",
    "Case",
    "CaseImport",
    "CaseMessage",
    "Category",
    "ClockResult",
    "Demand",
    "Escalation",
    "Extension",
    "ExternalCase",
    "MailBox",
    "Pause",
    "ReceivedMail",
    "Review",
    "SideTask",
    "SlaPolicy",
    "Solution",
    "SuggestionBox",
    "Warned",
]
