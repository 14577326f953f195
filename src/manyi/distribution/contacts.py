"""Who was contacted lately: read by whoever draws the next sample."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from manyi.distribution.models import Invitation
from manyi.surveys import frames


def contacted_since(moment: datetime) -> Iterable[int]:
    """The ids of the customers to whom an invitation or a reminder of any round went since then."""
    rows = Invitation.objects.filter(Q(sent_at__gte=moment) | Q(reminded_at__gte=moment))
    return rows.exclude(customer=None).values_list("customer_id", flat=True).distinct()


frames.CONTACTS["invitations"] = contacted_since
