"""Act and verify: findings, their causes, corrective actions, and the check of their effect."""

from __future__ import annotations

from django.db import models

from manyi.cases.models import Case, Category
from manyi.organisation import access
from manyi.organisation.models import Person, Unit
from manyi.surveys.models import Round


class Finding(models.Model):
    """Something to be put right (改进项), with the metric that showed it.

    ``metric`` is ``{"id": "item_mean", "item": "wait"}``; the effect check asks for the very same again.
    """

    number = models.CharField(max_length=20, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="findings")
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=20)  # see choices.SOURCES
    key = models.CharField(max_length=160, null=True, unique=True)  # noqa: DJ001 - one finding per metric+scope+period
    metric = models.JSONField(default=dict)
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    value = models.JSONField(default=dict)  # the Figure that showed it
    target = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    cases = models.ManyToManyField(Case, blank=True, related_name="findings")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=16, default="detected")
    iteration = models.PositiveSmallIntegerField(default=1)
    containment = models.TextField(blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recurrence_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    detected_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    systemic = models.TextField(blank=True)  # D7: document, training, checklist that was changed

    class Meta:
        ordering = ["-detected_at"]

    def __str__(self) -> str:
        return self.number


class Cause(models.Model):
    """A cause found for a finding: the chain of whys, a fishbone category, and the proof."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="causes")
    iteration = models.PositiveSmallIntegerField()
    text = models.TextField()
    whys = models.JSONField(default=list)
    fishbone = models.CharField(max_length=12)  # people machine material method environment measurement
    proven = models.BooleanField(default=False)
    proof = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]


class CorrectiveAction(models.Model):
    """One measure against one cause, with owner, date and evidence (整改措施)."""

    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, related_name="actions")
    text = models.TextField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="corrective_actions")
    due_on = models.DateField()
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    evidence = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]


class EffectCheck(models.Model):
    """The metric before and after, the test, and the verdict."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="checks")
    iteration = models.PositiveSmallIntegerField()
    before_round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    after_round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    effect = models.JSONField()  # measures.effects.Effect as plain data
    verdict = models.CharField(max_length=16)  # effective not_effective too_few
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.verdict


access.scope(Finding, verb="findings.view", unit="unit")
access.scope(Cause, verb="findings.view", unit="finding__unit")
access.scope(CorrectiveAction, verb="findings.view", unit="cause__finding__unit")
access.scope(EffectCheck, verb="findings.view", unit="finding__unit")
