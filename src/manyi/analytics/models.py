"""Where the columnar snapshot of a round stands."""

from __future__ import annotations

from django.db import models

from manyi.surveys.models import Round


class Snapshot(models.Model):
    """The Parquet parts of one round, and the codes that their columns use.

    ``stale`` asks for newly submitted responses to be added; ``rebuild`` for all parts to be written anew,
    because a response that is already in them was changed or taken away. ``weight_set`` is the set of weights
    that the parts hold: another one in use asks for all parts anew, too.
    """

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="snapshot")
    generation = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=list)  # names, in the order in which they were written
    rows = models.PositiveIntegerField(default=0)
    stale = models.BooleanField(default=False)
    rebuild = models.BooleanField(default=False)
    codebook = models.JSONField(default=dict)
    weight_set = models.PositiveBigIntegerField(null=True)  # a key only: the set may go, its number stays
    written_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.round} generation {self.generation}"
