"""What a mail that came back says: a bounce by RFC 3464, an automatic reply, or nothing clear. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parseaddr

from manyi.distribution.mail_headers import is_automatic, text_of

#: Subjects of automatic replies, in Chinese and English, where no header tells.
_AUTO_SUBJECT = re.compile(
    r"自动回复|自動回覆|自动答复|外出|休假|不在办公室|"
    r"out of (the )?office|auto(matic)?[ -]?(reply|response)|on vacation",
    re.IGNORECASE,
)
#: Subjects and senders of bounces that do not keep to RFC 3464.
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (status|failure|has failed)|returned mail|mail delivery failed|failure notice|"
    r"退信|投递失败|投递失敗|发送失败|无法投递|未送达",
    re.IGNORECASE,
)
_BOUNCE_SENDER = re.compile(r"^(mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_HARD_REPLY = re.compile(r"\b55[0134]\b")
_DIGEST = re.compile(r"<?([0-9a-f]{32})@")
_TAG = re.compile(r"\+([0-9a-f]{32})@")
#: Refusals with a status of class 5 that pass: a full mailbox, a message too large, a greylist.
_PASSING = ("5.2.2", "5.2.3", "5.3.4", "5.7.0")


@dataclass(frozen=True, slots=True)
class Told:
    """What a mail tells: ``verdict`` (hard, soft, auto_reply, unclear), status, reason, and about which mail.

    ``digests``: tags of our own mails named in it. ``recipient``: the address that failed, if it says so.
    """

    verdict: str
    status: str = ""
    reason: str = ""
    digests: tuple[str, ...] = ()
    recipient: str = ""


def read(raw: bytes) -> Told:
    """What a raw mail tells; never raises, whatever the bytes are."""
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)
        digests = _digests(mail, raw)
        report = _report(mail)
        if report is not None:
            return _told_by(report, digests)
        subject, sender = text_of(mail, "Subject"), parseaddr(text_of(mail, "From"))[1]
        if _is_auto_reply(mail, subject):
            return Told("auto_reply", reason=subject[:300], digests=digests)
        if _BOUNCE_SUBJECT.search(subject) or _BOUNCE_SENDER.search(sender):
            return _plain_bounce(raw, subject, digests)
        return Told("unclear", reason=subject[:300], digests=digests)
    except (ValueError, LookupError, TypeError, AttributeError) as broken:
        return Told("unclear", reason=f"not readable as mail: {broken}"[:300])


def _report(mail: Message) -> Message | None:
    """The fields of the first recipient in a delivery report, or None when there is none."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and (block.get("Final-Recipient") or block.get("Action")):
                return block
    return None


def _told_by(report: Message, digests: tuple[str, ...]) -> Told:
    """The verdict of RFC 3464's Action and Status; delays and successes need nothing to be done."""
    action = str(report.get("Action", "")).strip().lower()
    found = _STATUS.search(str(report.get("Status", "")))
    status = found.group(1) if found else ""
    reason = " ".join(str(report.get("Diagnostic-Code", action)).split())[:300]
    recipient = str(report.get("Final-Recipient", "")).rpartition(";")[2].strip().strip("<>")
    if action in {"delivered", "relayed", "expanded"}:
        return Told("unclear", status, reason, digests, recipient)
    gone = action == "failed" and status.startswith("5") and status not in _PASSING
    return Told("hard" if gone else "soft", status, reason, digests, recipient)


def _is_auto_reply(mail: Message, subject: str) -> bool:
    """By its headers; by the subject where no header tells."""
    if is_automatic(mail):
        return not _BOUNCE_SUBJECT.search(subject)
    return bool(_AUTO_SUBJECT.search(subject))


def _plain_bounce(raw: bytes, subject: str, digests: tuple[str, ...]) -> Told:
    """A bounce in prose: its status is looked for in the text; without one it counts as passing."""
    text = raw.decode("utf-8", "replace")
    found = _STATUS.search(text)
    status = found.group(1) if found else ""
    gone = status.startswith("5") and status not in _PASSING if status else bool(_HARD_REPLY.search(text))
    return Told("hard" if gone else "soft", status, subject[:300], digests)


def _digests(mail: Message, raw: bytes) -> tuple[str, ...]:
    """Tags of our mails: in the address that it came to, in what it answers, in the mail that it returns."""
    found: list[str] = []
    for name in ("To", "Delivered-To", "X-Original-To"):
        found += _TAG.findall(text_of(mail, name))
    for name in ("In-Reply-To", "References"):
        found += _DIGEST.findall(text_of(mail, name))
    for line in re.findall(rb"(?im)^message-id:\s*(\S+)", raw):
        found += _DIGEST.findall(line.decode("ascii", "ignore"))
    return tuple(dict.fromkeys(found))
