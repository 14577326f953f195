"""Readers of answers: who may see which, and by which link somebody comes back."""

from __future__ import annotations

from statistics import stdev

from django.db.models import F, Q, QuerySet

from manyi.distribution.errors import UnknownLink
from manyi.distribution.models import Invitation, OpenLink
from manyi.organisation import access
from manyi.organisation.models import Person
from manyi.responses.models import Quota, Response, Score, WeightSet
from manyi.surveys.models import Programme, Round

#: What the respondent's page does not need on every request: large, and parsed once in a process.
_UNREAD = ("round__questionnaire__definition", "round__questionnaire__history")


def visible_responses(person: Person, round: Round | None = None) -> QuerySet[Response]:
    """The answers that a person may read: finished ones, and drafts of rounds that are not anonymous.

    The draft of an anonymous round still hangs on its invitation, so it is shown to nobody.
    """
    rows = Response.objects.filter(Q(state__in=("submitted", "screened_out")) | Q(round__anonymous=False))
    if round is not None:
        rows = rows.filter(round=round)
    return access.visible(person, rows)


def personal_link(token: str) -> tuple[Invitation, Response | None]:
    """The invitation behind a personal link, its answers and what every page of it needs; raises UnknownLink.

    The programme and the sampled customer are read by the one page that asks for them, the first.
    """
    rows = Invitation.objects.select_related("round__questionnaire", "response").defer(*_UNREAD)
    try:
        found = rows.get(token=token)
    except Invitation.DoesNotExist as error:
        raise UnknownLink from error
    return found, getattr(found, "response", None)


def open_link(token: str) -> OpenLink:
    """The open link with this token; raises UnknownLink."""
    rows = OpenLink.objects.select_related("round__questionnaire", "round__programme").defer(*_UNREAD)
    found = rows.filter(token=token).first()
    if found is None:
        raise UnknownLink
    return found


def draft_of_open_link(token: str, key: str) -> Response:
    """The answers that began by an open link, by the key in their address; raises UnknownLink."""
    rows = Response.objects.select_related("open_link", "round__questionnaire", "round__programme")
    found = rows.defer(*_UNREAD).filter(open_link__token=token, key=key).first()
    if found is None:
        raise UnknownLink
    return found


def by_key(key: str) -> Response | None:
    """The answers with this key, which only their own page knows."""
    return Response.objects.select_related("round").filter(key=key).first()


def by_receipt(receipt: str) -> Response | None:
    """The submitted answers with this receipt."""
    rows = Response.objects.select_related("round__questionnaire", "round__programme").defer(*_UNREAD)
    return rows.filter(receipt=receipt, state="submitted").first()


def quotas_of(round: Round) -> QuerySet[Quota]:
    """The quotas of a round that are in force, in the order in which they were made."""
    return Quota.objects.filter(round=round, active=True).order_by("pk")


def quotas_above(response: Response) -> QuerySet[Quota]:
    """The quotas in force that hold a response and have more answers than their limit."""
    return quotas_of(response.round).filter(pk__in=response.quotas, filled__gt=F("limit"))


def active_weights(round: Round) -> dict[int, float]:
    """The weight of each answer under the set of weights in use, by response id; empty without one."""
    weights = WeightSet.objects.filter(round=round, active=True).values_list("weights", flat=True).first()
    return {int(pk): weight for pk, weight in (weights or {}).items()}


def score_spread(programme: Programme, by: str) -> dict[str, float]:
    """The standard deviation of total scores in a programme so far by unit, segment or product (``by``).

    Groups with fewer than two valid scored answers have none.
    """
    rows = Score.objects.filter(
        response__round__programme=programme, response__state="submitted", response__valid=True
    ).exclude(total=None)
    groups: dict[str, list[float]] = {}
    for unit, segments, product, total in rows.values_list(
        "response__unit__code", "response__segments", "response__product", "total"
    ):
        name = {"unit": unit, "segment": "+".join(segments), "product": product}[by]
        groups.setdefault(name, []).append(float(total or 0))
    return {name: stdev(totals) for name, totals in groups.items() if len(totals) > 1}
