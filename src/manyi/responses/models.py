"""Answer and score: answers from every channel, their flags, and what they scored."""

from __future__ import annotations

from django.db import models

from manyi.distribution.models import Invitation, OpenLink
from manyi.organisation import access
from manyi.organisation.models import Job, Person, Unit
from manyi.surveys.models import QuestionnaireVersion, Round, SchemeVersion

SOURCES = ("survey", "import", "mystery_visit", "observation", "interview", "social", "behaviour")


class Response(models.Model):
    """One set of answers. ``answers`` maps question code to value; ``set_aside`` keeps what the
    evaluator did not accept or found hidden, with the reason, so that nothing that a person gave is lost.

    ``segments`` and ``product`` are copied from the sample: figures do not move when a customer file does.
    In an anonymous round ``invitation`` is cut when the answers are submitted.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="responses")
    questionnaire = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    invitation = models.OneToOneField(
        Invitation, null=True, on_delete=models.SET_NULL, related_name="response"
    )
    open_link = models.ForeignKey(OpenLink, null=True, on_delete=models.SET_NULL, related_name="responses")
    source = models.CharField(max_length=16, default="survey")
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=40, unique=True)  # resumes a draft; unguessable
    import_key = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001 - NULLs must not collide
    seed = models.PositiveIntegerField(default=0)  # arranges options in random or rotated order, every time
    state = models.CharField(max_length=12, default="draft")  # draft submitted
    language = models.CharField(max_length=10, blank=True)
    answers = models.JSONField(default=dict)
    set_aside = models.JSONField(default=dict)  # {code: {"value": …, "reason": …}}
    timings = models.JSONField(default=dict)  # seconds per section
    segments = models.JSONField(default=list)
    product = models.CharField(max_length=40, blank=True)
    receipt = models.CharField(max_length=20, null=True, unique=True)  # noqa: DJ001 - drafts have none
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True, db_index=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    flags = models.JSONField(default=list)  # ["speed", "straight_line"]
    valid = models.BooleanField(default=True)
    judged = models.JSONField(default=dict)  # {"by": id, "at": …, "why": …} when a person decided validity

    class Meta:
        indexes = [models.Index(fields=["round", "state"]), models.Index(fields=["round", "saved_at"])]

    def __str__(self) -> str:
        return self.receipt or f"draft {self.pk}"


class Score(models.Model):
    """What one response scored under one version of a scheme. ``total`` is exact to 6 decimals."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="scores")
    scheme = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    total = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    grade = models.CharField(max_length=20, blank=True)
    items = models.JSONField(default=dict)  # {item code: [points, satisfied]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "scheme"], name="one_score")]

    def __str__(self) -> str:
        return f"{self.total} {self.grade}"


class ResponseImport(models.Model):
    """One file of answers from elsewhere, with the rows that could not be taken."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField()
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.file_name


access.scope(Response, verb="responses.view", unit="unit")
access.scope(Score, verb="responses.view", unit="response__unit")
access.scope(ResponseImport, verb="responses.import", unit="round__unit")
