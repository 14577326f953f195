"""Mail that came for the register: our boxes, and every mail as it came with what became of it."""

from __future__ import annotations

from django.db import models

from manyi.cases.models.register import Case, CaseMessage
from manyi.organisation import access
from manyi.organisation.models import Unit


class MailBox(models.Model):
    """One box of ours from which mail becomes cases of its unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, unique=True)  # lower case
    kind = models.CharField(max_length=12, default="complaint")  # of the cases that come by it
    protocol = models.CharField(max_length=8, default="imap")  # see choices.PROTOCOLS
    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=993)
    encryption = models.CharField(max_length=8, default="ssl")
    user = models.CharField(max_length=200)
    password = models.CharField(max_length=400)  # stored, never shown again and never booked
    folder = models.CharField(max_length=80, default="INBOX")
    active = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=300, blank=True)  # why it could not be read the last time

    class Meta:
        ordering = ["address"]
        verbose_name_plural = "mail boxes"

    def __str__(self) -> str:
        return self.address


class ReceivedMail(models.Model):
    """One mail that came, noted before it was read. The raw mail is its attachment.

    ``identity`` is a digest of what does not change on the way, so that the same mail by two boxes, or a
    second time without a Message-ID, makes one message; later copies have none and name the first.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    box = models.ForeignKey(MailBox, null=True, blank=True, on_delete=models.SET_NULL, related_name="mails")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)  # of the case that it makes
    kept_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="kept", db_index=True)  # see choices.MAIL_STATES
    reason = models.CharField(max_length=20, blank=True)  # see choices.MACHINE_MAIL, choices.QUARANTINE
    detail = models.CharField(max_length=300, blank=True)
    identity = models.CharField(max_length=64, null=True, blank=True, unique=True)
    same_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    header_id = models.CharField(max_length=250, blank=True, db_index=True)
    sender = models.CharField(max_length=200, blank=True, db_index=True)
    sender_name = models.CharField(max_length=80, blank=True)
    correspondents = models.JSONField(default=list)  # addresses of all who wrote or got it, ours left out
    subject = models.CharField(max_length=300, blank=True)
    text_length = models.PositiveIntegerField(default=0)  # characters
    files = models.JSONField(default=list)  # [{"name", "content_type", "size", "kept"}]
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="mails")
    message = models.OneToOneField(
        CaseMessage, null=True, blank=True, on_delete=models.SET_NULL, related_name="mail"
    )
    quoted = models.ForeignKey(  # a case whose number a stranger wrote: named, not opened to them
        Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    new_subject = models.BooleanField(default=False)  # an answer with another subject: may be a new matter
    silent = models.BooleanField(default=False)  # the sender asked for no automatic answers

    class Meta:
        ordering = ["-kept_at", "-id"]

    def __str__(self) -> str:
        return self.subject or self.sha256[:8]


access.scope(MailBox, verb="settings.manage", unit="unit")
access.scope(ReceivedMail, verb="cases.dispatch", unit="unit")
