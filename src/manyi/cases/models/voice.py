"""What the complainant says of the handling, from their own page."""

from __future__ import annotations

from django.db import models

from manyi.cases.models.register import Case
from manyi.organisation import access


class Rating(models.Model):
    """How the complainant found the handling: once for every closing, never changed by anybody."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="ratings")
    cycle = models.PositiveSmallIntegerField(default=0)
    stars = models.PositiveSmallIntegerField()  # 1 to 5
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "cycle"], name="one_rating_a_closing"),
            models.CheckConstraint(condition=models.Q(stars__range=(1, 5)), name="rating_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.stars}/5"


access.scope(Rating, verb="cases.view", unit="case__unit")
