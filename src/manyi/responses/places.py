"""The places of quotas: taken at submitting, freed when answers do not count, never more than there are.

Taking is a conditional UPDATE for each quota inside the transaction of the act, in order of id, so that any
number of clients may submit at once on either database: all quotas of an answer sheet have room, or none is
touched. Whatever hands answers in (page, telephone desk, paper, API) passes through here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, Value, When

from manyi.responses import quota_rules
from manyi.responses.models import Quota, Response
from manyi.surveys.evaluation import Evaluation


class _Full(Exception):
    """Rolls the places back that were already taken."""


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


def take(response: Response) -> bool:
    """Note the quotas of answers and, if they count, take a place in each; False when one has none left."""
    mine = matching(_of_round(response), response, response.answers)
    response.quotas = [quota.pk for quota in mine]
    if not mine or not response.valid:
        return True
    try:
        with transaction.atomic():
            for quota in mine:
                rows = Quota.objects.filter(pk=quota.pk)
                if quota.action == "stop":
                    rows = rows.filter(filled__lt=F("limit"))
                if not rows.update(filled=F("filled") + 1):
                    raise _Full
    except _Full:
        return False
    return True


def hold() -> None:
    """Let sheets that are being submitted finish, and others wait, until the transaction ends.

    Whoever counts what is there needs it: on PostgreSQL a sheet could else be submitted by the quotas that it
    saw before, and never be counted into the new one. SQLite's transactions exclude each other anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Response._meta.db_table}" IN EXCLUSIVE MODE')


def settle(response: Response) -> None:
    """Take places for answers that come finished; without any left they are kept and do not count."""
    if not take(response):
        response.state, response.disposition, response.submitted_at = "screened_out", "over_quota", None


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
