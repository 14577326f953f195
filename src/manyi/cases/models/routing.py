"""Who gets which case: rules that name a pool of people, and who is away."""

from __future__ import annotations

from django.db import models

from manyi.cases.models.register import Category
from manyi.organisation import access
from manyi.organisation.models import Person, Unit


class RoutingRule(models.Model):
    """Cases of a unit and all below it that fit go to one of a pool: named people, or those of a unit."""

    name = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()  # among the rules of the unit
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, blank=True)  # empty: every kind
    severity = models.CharField(max_length=8, blank=True)  # empty: every severity
    pool_unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    people = models.ManyToManyField(Person, blank=True, related_name="+")  # instead of a unit's
    assigns = models.BooleanField(default=False)  # by itself; else it only suggests
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["unit__path", "order", "id"]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days on which somebody gets no new cases, the first and the last one included."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absences")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")  # where they work
    from_on = models.DateField()
    until_on = models.DateField(db_index=True)
    note = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["from_on", "id"]

    def __str__(self) -> str:
        return f"{self.from_on} – {self.until_on}"


access.scope(RoutingRule, verb="cases.approve", unit="unit")
access.scope(Absence, verb="cases.approve", unit="unit")
