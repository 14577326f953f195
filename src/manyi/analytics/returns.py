"""Who was asked and who answered, by channel: counted from the invitations, not from the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from manyi.distribution.models import Invitation
from manyi.organisation.access import within
from manyi.surveys.models import Round


@dataclass(frozen=True, slots=True)
class Returns:
    """Invitations of one channel: all, those that reached somebody, those that were answered."""

    channel: str
    invited: int
    reached: int
    answered: int


def returns_by_channel(
    round: Round, roots: Sequence[str], *, unit: str = "", segment: str = "", channel: str = ""
) -> list[Returns]:
    """The invitations of a round under the unit paths ``roots``, narrowed like the answers beside them."""
    rows = Invitation.objects.filter(within(roots, "unit"), round=round)
    if unit:
        rows = rows.filter(unit__path__startswith=unit)
    if channel:
        rows = rows.filter(channel=channel)
    if segment:
        rows = _in_segment(rows, segment)
    reached = Q(sent_at__isnull=False) & ~Q(state="failed")
    counts = (
        rows.values("channel")
        .order_by("channel")
        .annotate(
            invited=Count("pk"),
            reached=Count("pk", filter=reached | Q(answered_at__isnull=False)),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
        )
    )
    return [Returns(**each) for each in counts]


def _in_segment(rows: QuerySet[Invitation], segment: str) -> QuerySet[Invitation]:
    """Segments are a list of codes; SQLite cannot look into one, but both databases can read it as text."""
    written = Cast("member__segments", TextField())
    return rows.annotate(written=written).filter(written__contains=f'"{segment}"')
