"""Installed regulation packs."""

from __future__ import annotations

from django.db import models

from manyi.organisation import access
from manyi.organisation.models import Person, Unit


class InstalledPack(models.Model):
    """One version of a regulation pack as it was installed for a unit: the readable file itself is kept."""

    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=160)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["code", "number"]
        constraints = [models.UniqueConstraint(fields=["unit", "code", "number"], name="one_pack_number")]

    def __str__(self) -> str:
        return self.title


access.scope(InstalledPack, verb="surveys.view", unit="unit")
