"""The places of quotas: taken at submitting, freed when answers do not count, never more than there are.

The quotas concerned are locked inside the transaction of the act, in order of id, so that any number of
clients may submit at once on either database: all quotas of an answer sheet have room, or none is touched.
Whatever hands answers in (page, telephone desk, paper, API) passes through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Case, F, Value, When

from manyi.responses import finishing, quota_rules
from manyi.responses.models import Quota, Response
from manyi.surveys.evaluation import Evaluation


def facts_of(response: Response, answers: dict[str, Any]) -> dict[str, Any]:
    """What conditions are asked of: the context and, over it, the accepted answers."""
    context = {
        "unit": response.unit.code,
        "segment": response.segments,
        "product": response.product,
        "channel": response.channel,
    }
    return {**context, **answers}


def matching(quotas: Iterable[Quota], response: Response, answers: dict[str, Any]) -> list[Quota]:
    """The quotas into which answers fall, in order of id."""
    facts, day = facts_of(response, answers), response.saved_at.date()
    found = [quota for quota in quotas if quota_rules.concerns(quota.condition, facts, day)]
    return sorted(found, key=lambda quota: quota.pk)


def certainly_full(response: Response, verdict: Evaluation) -> bool:
    """Whether a full quota that stops already certainly concerns a draft."""
    full = [quota for quota in _of_round(response) if quota.action == "stop" and quota.filled >= quota.limit]
    facts = facts_of(response, verdict.accepted)
    sure = [quota for quota in full if quota_rules.decided(quota.condition, facts)]
    return bool(matching(sure, response, verdict.accepted))


def settle(sheets: Sequence[Response]) -> None:
    """Note the quotas of finished sheets of one round and take a place in each for those that count.

    A sheet for which one of them has no place left takes none, is kept and does not count (``turn_away``).
    """
    quotas = list(_of_round(sheets[0])) if sheets else []
    if not quotas:
        return
    wanted = [[quota.pk for quota in matching(quotas, sheet, sheet.answers)] for sheet in sheets]
    held = _lock({pk for sheet, mine in zip(sheets, wanted, strict=True) if sheet.valid for pk in mine})
    before = {quota.pk: quota.filled for quota in held.values()}
    for sheet, mine in zip(sheets, wanted, strict=True):
        sheet.quotas = mine
        places = [held[pk] for pk in mine if sheet.valid]
        if any(quota.action == "stop" and quota.filled >= quota.limit for quota in places):
            finishing.turn_away(sheet)
            continue
        for quota in places:
            quota.filled += 1
    for quota in held.values():
        if quota.filled != before[quota.pk]:
            quota.save(update_fields=["filled"])


def _lock(ids: set[int]) -> dict[int, Quota]:
    """Quotas as they stand now, by id, which nobody else fills until the transaction ends."""
    if not ids:
        return {}
    rows = Quota.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {quota.pk: quota for quota in rows}


def enter() -> None:
    """Let whoever counts what is there (``hold``) wait for the sheets that are about to be stored."""
    _lock_table("ROW EXCLUSIVE")


def hold() -> None:
    """Let sheets that are being submitted finish, and others wait, until the transaction ends.

    Whoever counts what is there needs it: on PostgreSQL a sheet could else be submitted by the quotas that it
    saw before, and never be counted into the new one. SQLite's transactions exclude each other anyway.
    """
    _lock_table("EXCLUSIVE")


def _lock_table(mode: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Response._meta.db_table}" IN {mode} MODE')


def free(response: Response) -> None:
    """Give the places of answers back that no longer count."""
    less = Case(When(filled__gt=0, then=F("filled") - 1), default=Value(0))
    _held(response).update(filled=less)


def take_again(response: Response) -> list[int]:
    """Take the places of answers that count again, even above the limit; the ids of quotas above theirs."""
    _held(response).update(filled=F("filled") + 1)
    return list(_held(response).filter(filled__gt=F("limit")).order_by("pk").values_list("pk", flat=True))


def _held(response: Response) -> Any:
    return Quota.objects.filter(pk__in=response.quotas)


def _of_round(response: Response) -> Iterable[Quota]:
    """The quotas in force; none are read where the locked draft already says that there are none."""
    if not getattr(response, "has_quotas", True):
        return ()
    return Quota.objects.filter(round_id=response.round_id, active=True)
