"""Work around a case: demands, tasks of departments, extensions, reviews, outside bodies, escalations."""

from __future__ import annotations

from django.db import models

from manyi.cases.models.register import Case
from manyi.organisation import access
from manyi.organisation.models import Person, Unit


class Demand(models.Model):
    """One thing that the complainant asks for (诉求), and what is answered to just that."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="demands")
    text = models.CharField(max_length=300)
    outcome = models.CharField(max_length=12, blank=True)  # see choices.DEMAND_OUTCOMES
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class SideTask(models.Model):
    """What another department is asked to contribute (协办), with a clock of its own."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="side_tasks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    amount = models.PositiveIntegerField()
    amount_unit = models.CharField(max_length=14)
    due_at = models.DateTimeField(db_index=True)  # cached while open, frozen with the answer
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="open")  # open answered withdrawn
    answer = models.TextField(blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    used = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    met = models.BooleanField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return self.text[:40]


class Extension(models.Model):
    """More time for the answer, asked for before the deadline and decided by somebody else (延期)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="extensions")
    cycle = models.PositiveSmallIntegerField(default=0)
    amount = models.PositiveIntegerField()  # in the unit of the deadline
    reason = models.TextField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=10, blank=True)  # granted refused withdrawn
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(decision=""), name="one_extension_waits"
            )
        ]

    def __str__(self) -> str:
        return f"+{self.amount}"


class Review(models.Model):
    """A second look at a closed case by somebody who had no part in it (复核)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews")
    cycle = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, blank=True)  # upheld confirmed
    reviewer = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "cycle"], name="one_review_a_cycle")]

    def __str__(self) -> str:
        return self.outcome or "under review"


class ExternalCase(models.Model):
    """The matter before an outside body (外部升级), with its number and its own deadline."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="externals")
    body = models.CharField(max_length=12)  # see choices.EXTERNAL_BODIES
    name = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    opened_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.reference or self.body


class Escalation(models.Model):
    """A case that was raised to a level (升级、督办): a flag beside its state."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="escalations")
    level = models.PositiveSmallIntegerField()  # see choices.LEVELS
    reason = models.CharField(max_length=12)  # see choices.ESCALATION_REASONS
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"level {self.level}"


class Warned(models.Model):
    """One warning that was given, so that none is given twice and a missed hour loses none."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="warnings")
    clock = models.CharField(max_length=16)
    rule = models.CharField(max_length=40)  # see warnings.Rule.key
    due_at = models.DateTimeField()  # a deadline that moves is warned of anew
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "clock", "rule", "due_at"], name="one_warning")
        ]

    def __str__(self) -> str:
        return self.rule


access.scope(SideTask, verb="cases.view", unit="unit")  # the department that is asked
for _model in (Demand, Extension, Review, ExternalCase, Escalation):
    access.scope(_model, verb="cases.view", unit="case__unit")
