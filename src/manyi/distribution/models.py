"""Invite: personal invitations, open links, and the messages that carry them."""

from __future__ import annotations

from django.db import models

from manyi.customers.models import Customer, Product
from manyi.organisation import access
from manyi.organisation.models import Person, Unit
from manyi.surveys.models import Programme, Round, SampleMember


class Invitation(models.Model):
    """One person's way into one round. ``token`` is the unguessable part of the personal link.

    In an anonymous round nothing leads from here to the answers: only ``answered_at`` says that they came.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="invitations")
    member = models.OneToOneField(SampleMember, on_delete=models.PROTECT, related_name="invitation")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="invitations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=40, unique=True)
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="created")  # see rules.INVITATION_STATES
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["round", "state"])]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class OpenLink(models.Model):
    """A link that anyone may use: a QR code at a place, a frame in a website, a kiosk tablet.

    Answers carry its unit and label, and its product when it stands for one.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="open_links")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, default="qr")  # see rules.LINK_KINDS
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    employee = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pin = models.CharField(max_length=128, blank=True)  # hashed; staff leave the kiosk by it
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.label


class Message(models.Model):
    """One outgoing message. ``key`` names the cause, so that the same cause never sends twice."""

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=20)
    kind = models.CharField(max_length=30)  # invitation reminder acknowledgement answer report notice
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="messages")
    recipient = models.CharField(max_length=200)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    headers = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)  # the parts of the text, for providers that fill templates
    state = models.CharField(max_length=12, default="queued")  # see rules.MESSAGE_STATES
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(
        max_length=200, blank=True, db_index=True
    )  # what the channel said on taking it

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "not_before"])]

    def __str__(self) -> str:
        return f"{self.kind} to {self.channel}"


class MessageText(models.Model):
    """A programme's own words for one kind of message, in one form and language; without it ours are used."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="message_texts")
    kind = models.CharField(max_length=12)  # invitation reminder
    form = models.CharField(max_length=10)  # letter short
    language = models.CharField(max_length=10)  # zh-hans en
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind", "form", "language"], name="one_message_text")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.form} {self.language}"


class Pace(models.Model):
    """When the next message of a channel may leave, across all processes that send."""

    channel = models.CharField(max_length=20, unique=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.channel


class ReturnedMail(models.Model):
    """One mail that came back, kept as it came: a bounce, an automatic reply, or what nobody could place."""

    sha256 = models.CharField(max_length=64, unique=True)
    raw = models.BinaryField()
    verdict = models.CharField(max_length=12)  # see rules.VERDICTS
    status = models.CharField(max_length=12, blank=True)  # 5.1.1, as RFC 3463 writes it
    reason = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="returns")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-read_at", "-id"]

    def __str__(self) -> str:
        return f"{self.verdict} {self.status}"


access.scope(Invitation, verb="surveys.view", unit="unit")
access.scope(OpenLink, verb="surveys.view", unit="unit")
access.scope(Message, verb="surveys.view", unit="unit")
access.scope(ReturnedMail, verb="surveys.field", unit="unit")
