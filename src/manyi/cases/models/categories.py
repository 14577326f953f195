"""The tree of categories as it was: a version for every change, which cases name."""

from __future__ import annotations

from django.db import models

from manyi.organisation.models import Person


class CategoryVersion(models.Model):
    """The whole tree from one moment on; never changed. The newest one is in force."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)  # why, where somebody said so
    tree = models.JSONField()  # see category_changes.Kept, by code

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"v{self.number}"
