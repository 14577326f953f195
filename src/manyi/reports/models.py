"""Reports: what was written, by whom it was approved, and what was published."""

from __future__ import annotations

from django.db import models

from manyi.organisation import access
from manyi.organisation.models import Person, Unit
from manyi.surveys.models import Round


class Report(models.Model):
    """One report on one round. ``content`` holds the filled sections and the versions that they came from,
    frozen at submission, so that what was approved is what is printed. States: ``reports.workflow``."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    definition = models.CharField(max_length=40, default="round")
    definition_version = models.PositiveIntegerField(default=1)
    sections = models.JSONField(default=list)  # ids in order
    summary = models.TextField(blank=True)  # the author's own words
    content = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="draft")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title


class ReportComment(models.Model):
    """A remark of a reviewer on one section."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="comments")
    section = models.CharField(max_length=40)
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled = models.BooleanField(default=False)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text[:60]


access.scope(Report, verb="reports.view", unit="unit")
access.scope(ReportComment, verb="reports.view", unit="report__unit")
