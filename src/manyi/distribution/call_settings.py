"""The plan and the hours of the telephone desk as they are set now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from manyi.distribution.calling import Hours, Plan
from manyi.distribution.channels import phone
from manyi.distribution.models import CallPlan
from manyi.organisation.calendars import calendar_for
from manyi.organisation.models import Unit
from manyi.organisation.settings import value, values
from manyi.surveys.models import Round

#: What a round can say for itself.
BY_ROUND = (
    phone.MOST_TRIES, phone.MOST_UNANSWERED, phone.PAUSE_HOURS, phone.BUSY_MINUTES,
    phone.WHEN, phone.FROM, phone.UNTIL,
)  # fmt: skip


def plan(round: Round | None = None) -> Plan:
    """How often and how soon people are called again in a round."""
    given = _values((phone.MOST_TRIES, phone.MOST_UNANSWERED, phone.PAUSE_HOURS, phone.BUSY_MINUTES), round)
    return Plan(
        most_tries=given[phone.MOST_TRIES],
        most_unanswered=given[phone.MOST_UNANSWERED],
        pause=timedelta(hours=given[phone.PAUSE_HOURS]),
        short_pause=timedelta(minutes=given[phone.BUSY_MINUTES]),
    )


def hours_of(unit: Unit, round: Round | None = None) -> Hours:
    """When the people of a unit may be called in a round."""
    given = _values((phone.WHEN, phone.FROM, phone.UNTIL), round)
    return Hours(calendar_for(unit), given[phone.WHEN], given[phone.FROM], given[phone.UNTIL])


def own_values(round: Round) -> dict[str, Any]:
    """What a round says for itself, by the key of the setting."""
    row = CallPlan.objects.filter(round=round).first()
    return dict(row.values) if row else {}


def _values(keys: tuple[str, ...], round: Round | None) -> dict[str, Any]:
    own = own_values(round) if round else {}
    return {**values(keys), **{key: own[key] for key in keys if key in own}}


def claim_lasts() -> timedelta:
    """How long a person is kept for an interviewer without any act."""
    return timedelta(minutes=value(phone.CLAIM_MINUTES))
