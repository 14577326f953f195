"""No faster than the provider takes it: one slot a message, shared by all processes that send."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import transaction

from manyi.distribution.models import Pace
from manyi.organisation import clock

#: Waits for a slot; tests replace it.
wait = time.sleep


def slot(channel: str, per_minute: int, *, patience: timedelta) -> bool:
    """Take the next slot of a channel and wait for it; False when it is further away than ``patience``.

    ``per_minute`` 0 means that every moment is one. The slots lie at even distances, so that a limit for a
    second holds as well as that for a minute (generic cell rate algorithm without a burst).
    """
    if not per_minute:
        return True
    now = clock.now()
    with transaction.atomic():
        row, _ = Pace.objects.select_for_update().get_or_create(channel=channel, defaults={"next_at": now})
        mine = max(now, row.next_at)
        if mine - now > patience:
            return False
        row.next_at = mine + timedelta(minutes=1) / per_minute
        row.save(update_fields=["next_at"])
    if mine > now:
        wait((mine - now).total_seconds())
    return True
