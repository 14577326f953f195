"""What people keep to see the register their way."""

from __future__ import annotations

from django.db import models

from manyi.organisation.models import Person


class SavedList(models.Model):
    """A list of cases that a person keeps under a name: the tab and the filters as the address says them."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="case_lists")
    name = models.CharField(max_length=40)
    filters = models.JSONField()  # {"tab": "overdue", "unit": "3", "q": "空调"}
    is_default = models.BooleanField(default=False)
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="one_list_of_a_name"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(is_default=True), name="one_default_list"
            ),
        ]

    def __str__(self) -> str:
        return self.name
