"""When a person is erased, the snapshots that hold their open answers are written anew without them."""

from __future__ import annotations

from manyi.analytics.actions import mark
from manyi.analytics.models import Snapshot
from manyi.customers import privacy
from manyi.customers.models import Customer


def forget(customer: Customer) -> int:
    """Mark the snapshots of all rounds to which the person was invited; the recurring work rewrites them."""
    rows = Snapshot.objects.filter(round__invitations__customer=customer)
    rounds = set(rows.values_list("round_id", flat=True))
    for round_id in rounds:
        mark(round_id=round_id, rebuild=True)
    return len(rounds)


privacy.ERASERS["snapshots"] = forget
