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

__all__ = [
    "Assignment",
    "CallBack",
    "Case",
    "CaseImport",
    "CaseMessage",
    "Category",
    "ClockResult",
    "MailBox",
    "Pause",
    "ReceivedMail",
    "SlaPolicy",
    "Solution",
    "SuggestionBox",
]
