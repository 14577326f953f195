"""The only writers of saved analyses, and the question that one asks now."""

from __future__ import annotations

from django.db import transaction

from manyi.analytics.models import SavedAnalysis
from manyi.analytics.specification import Specification, specification
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.surveys.models import Round

KEPT = events.kind("analysis.kept", "保存分析", "Analysis kept")
CHANGED = events.kind("analysis.changed", "修改保存的分析", "Saved analysis changed")
REMOVED = events.kind("analysis.removed", "删除保存的分析", "Saved analysis removed")
RESTORED = events.kind("analysis.restored", "恢复保存的分析", "Saved analysis restored")


def keep_analysis(
    *, actor: Person, round: Round, made: Specification, title: str, newest: bool = False
) -> SavedAnalysis:
    """Keep a question under a name, for everybody who may read its unit. Raises Refused without a name."""
    unit = _unit(actor, round, made)
    access.require(actor, "insight.view", unit)
    with transaction.atomic():
        row = SavedAnalysis.objects.create(
            title=_named(title),
            specification=dict(made.given),
            programme=round.programme,
            unit=unit,
            newest=newest,
            by=actor,
            at=clock.now(),
        )
        data = {"method": made.analysis.id, "round": round.pk, "newest": newest}
        events.append(KEPT, actor=actor, subject=row, unit=unit, data=data)
    return row


def change_analysis(*, actor: Person, row: SavedAnalysis, title: str, in_reports: bool) -> SavedAnalysis:
    """Give another name, and say whether reports on its rounds show it."""
    access.require(actor, "insight.view", row)
    with transaction.atomic():
        row.title, row.in_reports = _named(title), in_reports
        row.save(update_fields=["title", "in_reports"])
        events.append(CHANGED, actor=actor, subject=row, unit=row.unit, data={"in_reports": in_reports})
    return row


def remove_analysis(*, actor: Person, row: SavedAnalysis) -> None:
    """Take it out of the list; ``restore_analysis`` brings it back."""
    access.require(actor, "insight.view", row)
    with transaction.atomic():
        SavedAnalysis.objects.filter(pk=row.pk).update(removed_at=clock.now())
        events.append(REMOVED, actor=actor, subject=row, unit=row.unit, data={})


def restore_analysis(*, actor: Person, row: SavedAnalysis) -> None:
    """Bring back what was removed."""
    access.require(actor, "insight.view", row)
    with transaction.atomic():
        SavedAnalysis.objects.filter(pk=row.pk).update(removed_at=None)
        events.append(RESTORED, actor=actor, subject=row, unit=row.unit, data={})


def asked_now(row: SavedAnalysis, round: Round | None = None) -> Specification:
    """The specification on the given round, else on its own or the newest of its programme."""
    data = dict(row.specification.get("data", {}))
    if row.newest and round is None:
        held = row.programme.rounds.filter(state__in=["open", "closed"]).order_by("-number")
        round = held.filter(responses__state="submitted").first()
    if round is not None:
        data["round"] = round.pk
    return specification({**row.specification, "title": row.title, "data": data})


def _unit(actor: Person, round: Round, made: Specification) -> Unit:
    """The unit of which the question is: the narrowed one, else the round's, else the reader's own."""
    paths = access.paths(actor, "insight.view")
    path = made.choice.narrowed.get("unit") or round.unit.path
    if not any(path.startswith(root) for root in paths) and paths:
        path = paths[0]
    return Unit.objects.get(path=path)


def _named(title: str) -> str:
    if not title.strip():
        raise Refused(Label("请给这项分析起个名字。", "Please give the analysis a name."), field="title")
    return title.strip()[:120]
