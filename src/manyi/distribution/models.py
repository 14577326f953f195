"""Invite: personal invitations, open links, the messages that carry them, and the calls of the desk."""

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
    delivered_at = models.DateTimeField(null=True, blank=True)  # as the provider reported it later
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
    kind = models.CharField(max_length=12)  # invitation reminder call
    form = models.CharField(max_length=10)  # letter short script
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


class CallPlan(models.Model):
    """How a round is called where it differs from the organisation's settings: setting key → value."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="call_plan")
    values = models.JSONField(default=dict)  # see call_settings.BY_ROUND

    def __str__(self) -> str:
        return f"call plan of {self.round_id}"


class CallTask(models.Model):
    """One invited person on the telephone list: what happened so far, and when they are due.

    ``claimed_by`` has the person on the screen until ``claimed_until``, so that nobody else dials them.
    ``assigned`` reserves them for one interviewer. ``undo`` is what a supervisor changed last, as it was.
    """

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="call_task")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    done = models.BooleanField(default=False)
    priority = models.SmallIntegerField(default=0)  # the higher, the sooner
    tries = models.PositiveSmallIntegerField(default=0)
    unanswered = models.PositiveSmallIntegerField(default=0)  # in a row
    parts = models.JSONField(default=list)  # parts of the day in which nobody was reached, see calling.PARTS
    best_part = models.CharField(max_length=10, blank=True)  # the part of the day that suits the person
    not_before = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(default=False)  # not_before was agreed with the person
    assigned = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    claimed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)
    undo = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["done", "not_before"]), models.Index(fields=["claimed_until"])]

    def __str__(self) -> str:
        return f"call list {self.pk}"


class Call(models.Model):
    """One call of one interviewer and how it ended; ``before`` is the task as it was, for undoing it."""

    task = models.ForeignKey(CallTask, on_delete=models.CASCADE, related_name="calls")
    interviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    disposition = models.CharField(max_length=20, blank=True)  # see dispositions.DISPOSITIONS
    note = models.TextField(blank=True)
    opted_out = models.BooleanField(default=False)
    before = models.JSONField(default=dict)
    check_state = models.CharField(
        max_length=10, blank=True
    )  # see call_check.STATES: a second call to verify
    check_note = models.TextField(blank=True)
    checked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-began_at", "-id"]

    def __str__(self) -> str:
        return f"call {self.pk}"


access.scope(Invitation, verb="surveys.view", unit="unit")
access.scope(OpenLink, verb="surveys.view", unit="unit")
access.scope(Message, verb="surveys.view", unit="unit")
access.scope(ReturnedMail, verb="surveys.field", unit="unit")
access.scope(CallPlan, verb="surveys.view", unit="round__unit")
access.scope(CallTask, verb="surveys.call", unit="unit")
access.scope(Call, verb="surveys.call", unit="task__unit")
