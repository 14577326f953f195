"""Running numbers without gaps or repeats, one sequence per kind of thing and year."""

from __future__ import annotations

from django.db.models import F

from manyi.organisation.models import NumberSequence


def following(name: str, count: int = 1) -> int:
    """Take the next ``count`` numbers of a sequence and return the first; call it inside the transaction
    that uses them, so that a number never goes missing."""
    NumberSequence.objects.get_or_create(name=name)
    NumberSequence.objects.filter(name=name).update(last=F("last") + count)
    last = NumberSequence.objects.values_list("last", flat=True).get(name=name)
    return last - count + 1
