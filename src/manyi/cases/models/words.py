"""Words of the staff: ready answers with fields, the shared draft of an answer, and who was mentioned."""

from __future__ import annotations

from django.db import models

from manyi.cases.models.register import Case, CaseMessage, Category
from manyi.organisation import access
from manyi.organisation.models import Person, Unit


class AnswerTemplate(models.Model):
    """Ready words with fields (see ``templates.FIELDS``), for a unit and all below it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, blank=True)  # empty: every kind
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # with those below it; empty: every category
    words = models.TextField()
    words_en = models.TextField(blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class AnswerDraft(models.Model):
    """The one draft of an answer in a case, shared by everybody who may write there."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="draft")
    body = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.body[:40]


class Mention(models.Model):
    """Somebody who was named with @ in an internal note; it waits in their Today until they open the case."""

    note = models.ForeignKey(CaseMessage, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="one_mention")]

    def __str__(self) -> str:
        return f"@{self.person}"


access.scope(AnswerTemplate, verb="settings.manage", unit="unit")
