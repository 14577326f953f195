"""Supervision samples: checklists with their versions, draws of closed cases, and how each was assessed."""

from __future__ import annotations

from django.db import models

from manyi.cases.models.register import Case
from manyi.organisation import access
from manyi.organisation.models import Person, Unit


class Checklist(models.Model):
    """What assessors look at, one version of it; a change is a new row, so that old samples keep theirs."""

    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    criteria = models.JSONField()  # see supervision.rules.Criterion
    active = models.BooleanField(default=True)  # of the newest version: may new samples use it
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="one_checklist_version")]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class SupervisionSample(models.Model):
    """One draw. Rule, seed and frame are kept, so that it can be drawn again and compared."""

    number = models.CharField(max_length=20, unique=True)  # S2026-0001
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # with all below it
    kind = models.CharField(max_length=12, blank=True)  # empty: every kind
    since = models.DateField()  # closed from this day
    until = models.DateField()  # to the end of this one
    method = models.CharField(max_length=14)  # see supervision.rules.METHODS
    size = models.PositiveIntegerField()
    seed = models.CharField(max_length=60)
    population = models.PositiveIntegerField()
    frame = models.BinaryField()  # see supervision.rules.Frame
    frame_hash = models.CharField(max_length=64)
    sample_hash = models.CharField(max_length=64)
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="samples")
    state = models.CharField(max_length=12, default="drawn")
    reason = models.TextField(blank=True)  # why it was withdrawn, or taken up again
    drawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-drawn_at", "-id"]

    def __str__(self) -> str:
        return self.number


class Assessment(models.Model):
    """One drawn case: the answers to the checklist, what its handler says to them, and what was decided."""

    sample = models.ForeignKey(SupervisionSample, on_delete=models.CASCADE, related_name="assessments")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    handler = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assessments")  # when drawn
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # of the case when drawn
    weight = models.FloatField(default=1)  # for how many cases of the frame it stands
    state = models.CharField(max_length=12, default="waiting")
    results = models.JSONField(default=dict)  # {"facts": {"answer": "no", "remark": "缺录音"}}
    remark = models.TextField(blank=True)
    assessor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)  # of the handler
    commented_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sample", "case__number"]
        constraints = [models.UniqueConstraint(fields=["sample", "case"], name="one_assessment_a_sample")]
        indexes = [models.Index(fields=["handler", "state"], name="assessments_of_a_handler")]

    def __str__(self) -> str:
        return f"{self.sample_id}: {self.case_id}"


class AssessmentChange(models.Model):
    """How an assessment stood before its results were corrected."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="changes")
    before = models.JSONField()  # results, remark, assessor, comment, decision
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.reason[:40]


access.scope(SupervisionSample, verb="cases.assess", unit="unit")
access.scope(Assessment, verb="cases.assess", unit="sample__unit")
