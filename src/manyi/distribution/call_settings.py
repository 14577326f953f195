"""The plan and the hours of the telephone desk as they are set now."""

from __future__ import annotations

from datetime import timedelta

from manyi.distribution.calling import Hours, Plan
from manyi.distribution.channels import phone
from manyi.organisation.calendars import calendar_for
from manyi.organisation.models import Unit
from manyi.organisation.settings import value, values


def plan() -> Plan:
    """How often and how soon people are called again."""
    given = values((phone.MOST_TRIES, phone.MOST_UNANSWERED, phone.PAUSE_HOURS, phone.BUSY_MINUTES))
    return Plan(
        most_tries=given[phone.MOST_TRIES],
        most_unanswered=given[phone.MOST_UNANSWERED],
        pause=timedelta(hours=given[phone.PAUSE_HOURS]),
        short_pause=timedelta(minutes=given[phone.BUSY_MINUTES]),
    )


def hours_of(unit: Unit) -> Hours:
    """When the people of a unit may be called."""
    given = values((phone.WHEN, phone.FROM, phone.UNTIL))
    return Hours(calendar_for(unit), given[phone.WHEN], given[phone.FROM], given[phone.UNTIL])


def claim_lasts() -> timedelta:
    """How long a person is kept for an interviewer without any act."""
    return timedelta(minutes=value(phone.CLAIM_MINUTES))
