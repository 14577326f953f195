"""Who was contacted lately: read by whoever draws the next sample."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from manyi.distribution.models import Invitation
from manyi.surveys import frames


def contacted_since(moment: datetime) -> Iterable[int]:
    """The ids of the customers who got an invitation or a reminder of any round, or a call, since then."""
    called = Q(call_task__calls__began_at__gte=moment)
    rows = Invitation.objects.filter(Q(sent_at__gte=moment) | Q(reminded_at__gte=moment) | called)
    return rows.exclude(customer=None).values_list("customer_id", flat=True).distinct()


frames.CONTACTS["invitations"] = contacted_since
