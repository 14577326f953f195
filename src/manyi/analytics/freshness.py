"""Whether a page may show the snapshot as it is, or brings it up to date first."""

from __future__ import annotations

from manyi.analytics.actions import mark, refresh, submitted, weight_set_of
from manyi.analytics.models import Snapshot
from manyi.surveys.models import Round

#: So many new answers are taken in while the reader waits; more are left to the recurring work.
INLINE = 5_000


def brought_up_to_date(round: Round) -> int:
    """Refresh a snapshot that lags a little or does not exist yet; returns how many answers it still lacks.

    A page that gets more than 0 shows the snapshot's time.
    """
    row = Snapshot.objects.filter(round=round).first()
    count = submitted(round).count()
    behind = abs(count - row.rows) if row else count
    rebuild = row is not None and (row.rebuild or row.weight_set != weight_set_of(round))
    if row is not None and row.written_at and not behind and not rebuild:
        return 0
    if row is None or row.written_at is None or max(behind, count if rebuild else 0) < INLINE:
        refresh(round=round)
        return 0
    mark(round_id=round.pk, rebuild=rebuild)
    return behind
