"""Many people with one matter: one investigation, single answers."""

from __future__ import annotations

from django.db import models

from manyi.cases.models.register import Case
from manyi.organisation import access
from manyi.organisation.models import Person, Unit


class CaseGroup(models.Model):
    """Cases of different people about the same thing (群体诉求); the lead case is investigated for all."""

    title = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    lead = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="leads")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.title


class GroupMember(models.Model):
    """One case in a group; a case is in one group at most."""

    group = models.ForeignKey(CaseGroup, on_delete=models.CASCADE, related_name="members")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="membership")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.group_id}"


class NotTheSame(models.Model):
    """Two cases that a person looked at and found to be different matters; not suggested again."""

    one = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_not_the_same")]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


access.scope(CaseGroup, verb="cases.view", unit="unit")
access.scope(GroupMember, verb="cases.view", unit="case__unit")
