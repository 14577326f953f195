"""Drawing a sample into a round, and taking it back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.measures import sampling
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.surveys.draw_methods import METHODS, Listing, Plan, Sample, arranged
from manyi.surveys.draw_plans import checked, plan_from
from manyi.surveys.frames import Filters, Frame, frame_of
from manyi.surveys.models import Draw, DrawRecord, Round, SampleMember

SAMPLE_DRAWN = events.kind("sample.drawn", "抽取样本", "Sample drawn")
SAMPLE_UNDONE = events.kind("sample.undone", "撤销抽样", "Sample draw undone")

SAMPLE_PROVED = events.kind("sample.proved", "复核抽样", "Sample drawn again as proof")

BATCH = 2000


def draw_sample(
    *,
    actor: Person | None,
    round: Round,
    method: str,
    filters: Mapping[str, Any],
    size: int | None = None,
    seed: str = "",
    plan: Mapping[str, Any] | None = None,
) -> Draw:
    """Draw customers into a round that is planned or open.

    ``method``: a key of ``draw_methods.METHODS``; ``plan``: what else it is told, by the names of
    ``draw_methods.Plan``. Without a seed one is made and kept, so that the draw can be repeated. Raises
    Refused for an empty frame and for a plan that does not fit it.
    """
    _check(actor, round, method)
    told = plan_from({**(plan or {}), "size": size, "seed": seed or secrets.token_hex(8)})
    frame = frame_of(round, Filters.from_json(filters))
    listing = listed(frame, method, told)
    told = checked(method, told, listing)
    sample = METHODS[method].select(listing, told)
    with transaction.atomic():
        draw = _record(round, method, filters, told, frame, listing, sample)
        draw.by = actor
        draw.save()
        DrawRecord.objects.create(draw=draw, listing=listing.packed(), left_out=frame.left_out)
        _take(draw, frame, sample)
        _note(SAMPLE_DRAWN, actor, draw)
    return draw


def _check(actor: Person | None, round: Round, method: str) -> None:
    access.require(actor, "surveys.field", round)
    if method not in METHODS:
        raise Refused(Label("请选择抽样方法。", "Please choose a method."), field="method")
    if round.state not in {"planned", "open"}:
        raise Refused(Label("本轮已结束,不能再抽样。", "This round is over; nothing can be drawn."))


def listed(frame: Frame, method: str, plan: Plan) -> Listing:
    """The frame as a method draws from it: units by code, several segments of one customer as one name."""
    units = dict(Unit.objects.values_list("pk", "code"))
    rows = [
        (
            member.customer_id or 0,
            {
                "unit": units[member.unit_id],
                "segment": "+".join(member.segments)[:200],
                "product": member.product,
            },
        )
        for member in frame.members
    ]
    return arranged(rows, method, plan)


def _record(
    round: Round,
    method: str,
    filters: Mapping[str, Any],
    plan: Plan,
    frame: Frame,
    listing: Listing,
    sample: Sample,
) -> Draw:
    used = METHODS[method].fields
    return Draw(
        round=round,
        method=method,
        filters=dict(filters),
        plan=plan.as_json(used),
        seed=plan.seed if "seed" in used else "",
        frame_size=len(listing.ids),
        frame_hash=sampling.frame_hash(listing.ids),
        size=len(sample),
        sample_hash=sampling.frame_hash(one.id for one in sample),
        excluded=frame.excluded,
        at=clock.now(),
    )


def _take(draw: Draw, frame: Frame, sample: Sample) -> None:
    """Write the drawn members with their stratum, chance and weight."""
    drawn = {one.id: one for one in sample}
    members = [member for member in frame.members if member.customer_id in drawn]
    for member in members:
        one = drawn[member.customer_id or 0]
        member.draw, member.stratum = draw, one.stratum
        member.probability, member.weight = float(one.probability), float(one.weight)
    SampleMember.objects.bulk_create(members, batch_size=BATCH)


@dataclass(frozen=True, slots=True)
class Proof:
    """What drawing again from the record gave: the same people or not, and how many."""

    same: bool
    size: int


def redraw_check(*, actor: Person | None, draw: Draw) -> Proof:
    """Draw once more from the stored frame with the stored seed, and note whether it gave the same people.

    Raises Refused for a draw from before frames were kept.
    """
    access.require(actor, "surveys.view", draw)
    record = DrawRecord.objects.filter(draw=draw).first()
    if record is None:
        words = Label(
            "这次抽样没有保存抽样框,无法复核。", "The frame of this draw was not kept; it cannot be repeated."
        )
        raise Refused(words)
    listing = Listing.unpacked(bytes(record.listing))
    sample = METHODS[draw.method].select(listing, Plan.from_json(draw.plan))
    same = (
        sampling.frame_hash(listing.ids) == draw.frame_hash
        and sampling.frame_hash(one.id for one in sample) == draw.sample_hash
    )
    with transaction.atomic():
        events.append(
            SAMPLE_PROVED,
            actor=actor,
            subject=draw,
            unit=draw.round.unit,
            data={"round": draw.round_id, "same": same, "size": len(sample)},
        )
    return Proof(same, len(sample))


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
            "plan": draw.plan,
            "seed": draw.seed,
            "frame_size": draw.frame_size,
            "frame_hash": draw.frame_hash,
            "sample_hash": draw.sample_hash,
            "size": draw.size,
            "excluded": draw.excluded,
        },
    )
