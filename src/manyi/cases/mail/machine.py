"""Whether a mail was written by a machine: by its headers, its sender, and last by its words. Pure.

Marks by RFC 3834 (automatic responses), RFC 3464 (delivery reports) and what programs did before them. A
subject alone is not enough: people complain about lost parcels and about holidays too.
"""

from __future__ import annotations

import re
from email.message import Message
from email.utils import parseaddr

from manyi.cases.mail.reading import Letter
from manyi.distribution.mail_headers import is_automatic, text_of

_DAEMON = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|maildaemon)@", re.IGNORECASE)
_NOBODY = re.compile(r"^(no-?reply|do-?not-?reply|bounces?[+-].*)@", re.IGNORECASE)
_AUTO_SUBJECT = re.compile(
    r"^\s*([\[【(]?(自动回复|自動回覆|自动答复|自动答覆)[\]】)]?\s*([::]|$)|"
    r"(automatic|auto)[ -]?(reply|response|responder)\s*([::]|$)|auto:|out of (the )?office\s*([::-]|$))",
    re.IGNORECASE,
)
_AUTO_WORDS = re.compile(
    r"(此|本|这)(封)?(邮件|信)?[是为由]{0,2}(系统|程序)?自动(回复|发送|发出|生成)|系统自动(回复|发送|发出)|请勿(直接)?回复(此|本|该)?邮件|"
    r"this is an? auto(mated|matic)(ally generated)? (e-?mail|message|reply|response)|"
    r"i am (currently )?out of (the )?office|do not reply to this (e-?mail|message)",
    re.IGNORECASE,
)
#: Words that say so stand at the beginning or end of a short mail.
_SHORT = 600


def kind_of(letter: Letter) -> str:
    """``bounce``, ``auto_reply`` or ``bulk``; empty for a mail that a person wrote."""
    mail = letter.mail
    if _is_bounce(mail, letter.sender):
        return "bounce"
    if _is_auto_reply(mail, letter):
        return "auto_reply"
    precedence = text_of(mail, "Precedence").lower()
    if precedence in {"bulk", "junk", "list"} or mail.get("List-Unsubscribe") or mail.get("List-Id"):
        return "bulk"
    return ""


def wants_silence(mail: Message, sender: str) -> bool:
    """Whether the sender asks for no automatic answers, or could not read them."""
    asked = text_of(mail, "X-Auto-Response-Suppress").lower()
    return any(word in asked for word in ("all", "autoreply", "oof")) or bool(_NOBODY.match(sender))


def _is_bounce(mail: Message, sender: str) -> bool:
    path = mail.get("Return-Path")
    if path is not None and parseaddr(text_of(mail, "Return-Path"))[1] == "" and "<>" in str(path):
        return not is_automatic(mail) or mail.get_content_type() == "multipart/report"
    if mail.get("X-Failed-Recipients") or _DAEMON.match(sender):
        return True
    report = str(mail.get_param("report-type", "") or "").lower()
    return mail.get_content_type() == "multipart/report" and report in {"", "delivery-status"}


def _is_auto_reply(mail: Message, letter: Letter) -> bool:
    if is_automatic(mail) or mail.get("X-Loop") or mail.get_content_type() == "multipart/report":
        return True
    if _AUTO_SUBJECT.search(letter.subject):
        return True
    return len(letter.text) <= _SHORT and bool(_AUTO_WORDS.search(letter.text))
