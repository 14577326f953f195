"""Where the columnar snapshot of a round stands."""

from __future__ import annotations

from django.db import models

from manyi.surveys.models import Round


class Snapshot(models.Model):
    """The Parquet files of one round: which responses are in them, and the code book of their columns."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="snapshot")
    generation = models.PositiveIntegerField(default=0)
    folder = models.CharField(max_length=255)
    rows = models.PositiveIntegerField(default=0)
    upto = models.DateTimeField(null=True)
    codebook = models.JSONField(default=dict)
    written_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.round} generation {self.generation}"
