"""Drawing a sample into a round, and taking it back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.measures import sampling
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.surveys.frames import Filters, frame_of
from manyi.surveys.models import Draw, Round, SampleMember

SAMPLE_DRAWN = events.kind("sample.drawn", "抽取样本", "Sample drawn")
SAMPLE_UNDONE = events.kind("sample.undone", "撤销抽样", "Sample draw undone")

METHODS = {"census": Label("普查", "Census"), "simple": Label("简单随机抽样", "Simple random sample")}
BATCH = 2000


def draw_sample(
    *,
    actor: Person | None,
    round: Round,
    method: str,
    filters: Mapping[str, Any],
    size: int | None = None,
    seed: str = "",
) -> Draw:
    """Draw customers into a round that is planned or open.

    ``method``: ``census`` takes the whole frame, ``simple`` a seeded random sample of ``size``. Without a
    seed one is made and kept, so that the draw can be repeated. Raises Refused for an empty frame.
    """
    _check(actor, round, method)
    frame = frame_of(round, Filters.from_json(filters))
    ids = [member.customer_id for member in frame.members if member.customer_id is not None]
    wanted = len(ids) if method == "census" else _size(size, len(ids))
    seed = seed.strip() or secrets.token_hex(8)
    chosen = set(ids) if method == "census" else set(sampling.draw(ids, wanted, seed))
    with transaction.atomic():
        draw = Draw.objects.create(
            round=round,
            method=method,
            filters=dict(filters),
            seed="" if method == "census" else seed,
            frame_size=len(ids),
            frame_hash=sampling.frame_hash(ids),
            size=len(chosen),
            excluded=frame.excluded,
            by=actor,
            at=clock.now(),
        )
        members = [member for member in frame.members if member.customer_id in chosen]
        for member in members:
            member.draw = draw
        SampleMember.objects.bulk_create(members, batch_size=BATCH)
        _note(SAMPLE_DRAWN, actor, draw)
    return draw


def _check(actor: Person | None, round: Round, method: str) -> None:
    access.require(actor, "surveys.field", round)
    if method not in METHODS:
        raise Refused(Label("请选择抽样方法。", "Please choose a method."), field="method")
    if round.state not in {"planned", "open"}:
        raise Refused(Label("本轮已结束,不能再抽样。", "This round is over; nothing can be drawn."))


def _size(size: int | None, available: int) -> int:
    if not available:
        words = Label("没有符合条件的客户,请放宽筛选。", "No customer fits; please widen the filters.")
        raise Refused(words, field="filters")
    if size is None or not 1 <= size <= available:
        words = Label(f"样本量请填写 1 到 {available}。", f"Please give a sample size from 1 to {available}.")
        raise Refused(words, field="size")
    return size


def undo_draw(*, actor: Person | None, draw: Draw, why: str = "") -> Draw:
    """Take a draw back; not possible once one of its customers was invited."""
    access.require(actor, "surveys.field", draw)
    with transaction.atomic():
        if draw.members.filter(invitation__isnull=False).exists():
            words = Label("已发出邀请,不能撤销抽样。", "Invitations exist; the draw cannot be undone.")
            raise Refused(words)
        draw.members.all().delete()
        draw.undone_at = clock.now()
        draw.save(update_fields=["undone_at"])
        _note(SAMPLE_UNDONE, actor, draw, why=why)
    return draw


def _note(kind: events.EventKind, actor: Person | None, draw: Draw, why: str = "") -> None:
    events.append(
        kind,
        actor=actor,
        subject=draw,
        unit=draw.round.unit,
        why=why,
        data={
            "round": draw.round_id,
            "method": draw.method,
            "filters": draw.filters,
            "seed": draw.seed,
            "frame_size": draw.frame_size,
            "frame_hash": draw.frame_hash,
            "size": draw.size,
            "excluded": draw.excluded,
        },
    )
