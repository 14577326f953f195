"""What the register has learnt of the organisation's own cases."""

from __future__ import annotations

from django.db import models


class CategoryModel(models.Model):
    """A model that suggests the category of a case by its words, with how well it does on unseen ones."""

    data = models.BinaryField()
    texts = models.PositiveIntegerField()
    unseen = models.PositiveIntegerField()  # texts that judged it
    right = models.PositiveIntegerField()  # of these with the suggestion that a person had chosen
    trained_at = models.DateTimeField()

    class Meta:
        ordering = ["-trained_at"]

    def __str__(self) -> str:
        return f"{self.right}/{self.unseen}"
