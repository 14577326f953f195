"""What is due, for the calendar program of one member of staff: behind a secret address, without a log-in."""

from __future__ import annotations

import hashlib
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from manyi.improvement.due_dates import VERBS, Asked, DueDate, due_dates
from manyi.kernel.labels import Label
from manyi.organisation import access, calendar_feeds
from manyi.organisation.calendar_feeds import Told
from manyi.organisation.models import CalendarAddress, Person
from manyi.organisation.settings import value
from manyi.web.public.complainant import TooOften, count_try

READINGS_PER_HOUR, WRONG_PER_QUARTER, HOUR, QUARTER = 120, 30, 3600, 900
#: So many of each kind, the earliest.
MOST = 500
NAME = Label("满意:到期事项", "Manyi: what is due")
_PROVISIONAL = Label("(暂定)", " (provisional)")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The due dates as iCalendar: number, kind and time. 404 for a wrong, revoked or shut address."""
    try:
        address = _address(request, token)
    except TooOften:
        return HttpResponse(status=429, headers={"Retry-After": str(QUARTER)})
    person, zone = address.person, ZoneInfo(value("organisation.time_zone"))
    told = [_told(due, person) for due in due_dates(person, Asked(zone), most=MOST)]
    entries = calendar_feeds.tell(address, told)
    name = NAME.text(person.language)
    body = calendar_feeds.written(entries, name=name, zone=zone, reminder=address.reminder)
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    changed = max([address.changed_at, *(entry.changed_at for entry in entries)])
    seconds = int(changed.timestamp())
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Disposition"] = 'inline; filename="manyi.ics"'
    answer["X-Robots-Tag"] = "noindex"
    answer["ETag"], answer["Last-Modified"] = tag, f"{changed:%a, %d %b %Y %H:%M:%S} GMT"
    return get_conditional_response(request, etag=tag, last_modified=seconds, response=answer) or answer


def _address(request: HttpRequest, token: str) -> CalendarAddress:
    """The address of this secret, while its person may still see something that is due."""
    address = calendar_feeds.address_of(token)
    if address is None or not _has_right(address.person):
        count_try(f"feed:{request.META.get('REMOTE_ADDR', '')}", most=WRONG_PER_QUARTER, seconds=QUARTER)
        raise Http404
    count_try(f"feed-of:{address.pk}", most=READINGS_PER_HOUR, seconds=HOUR)
    return address


def _has_right(person: Person) -> bool:
    return any(access.may(person, verb) for verb in VERBS)


def _told(due: DueDate, person: Person) -> Told:
    """The number and what is due of it. Nothing of the matter, and nothing of who complained."""
    language = person.language
    words = f"{due.number} {due.words.text(language)}"
    if due.provisional:
        words += _PROVISIONAL.text(language)
    return Told(f"{due.kind}-{due.pk}", words, due.at, due.on)
