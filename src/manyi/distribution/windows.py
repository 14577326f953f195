"""When messages that ask for something may leave: the organisation's hours, and no SMS by night."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from manyi.distribution.channels import Channel, setting
from manyi.distribution.rules import next_within
from manyi.kernel.labels import Label
from manyi.measures.workcalendar import WorkCalendar, micros, moment_at
from manyi.organisation import clock
from manyi.organisation.calendars import calendar_for
from manyi.organisation.models import Unit
from manyi.organisation.settings import values

GROUP = "sending"
WHEN = setting(
    GROUP,
    "when",
    Label("邀请和提醒的发送时间", "When invitations and reminders leave"),
    Label("到点之前排队等候。", "Until then they wait in the queue."),
    "choice",
    default="always",
    choices=(
        ("always", Label("随时", "At any time")),
        ("calendar", Label("部门工作日历的上班时间", "In the unit's working hours")),
        ("hours", Label("每天的固定时段", "Every day between two hours")),
    ),
)
_HOUR = {"low": 0, "high": 24}
FROM = setting(
    GROUP,
    "from_hour",
    Label("固定时段:从(时)", "Hours: from"),
    Label("选择固定时段时有效。", "For “between two hours”."),
    "number",
    default=9,
    **_HOUR,
)
UNTIL = setting(
    GROUP,
    "until_hour",
    Label("固定时段:到(时)", "Hours: until"),
    Label("选择固定时段时有效。", "For “between two hours”."),
    "number",
    default=20,
    **_HOUR,
)
SMS_FROM = setting(
    GROUP,
    "sms_from_hour",
    Label("短信最早(时)", "SMS from"),
    Label("夜间不发短信。", "No SMS by night."),
    "number",
    default=8,
    **_HOUR,
)
SMS_UNTIL = setting(
    GROUP,
    "sms_until_hour",
    Label("短信最晚(时)", "SMS until"),
    Label("夜间不发短信。", "No SMS by night."),
    "number",
    default=21,
    **_HOUR,
)
#: How far ahead a calendar is searched for the next working time.
HORIZON = timedelta(days=30)


class Windows:
    """The windows as they are set now; units' calendars are read once each."""

    def __init__(self) -> None:
        self.now = clock.now()
        self._set = values((WHEN, FROM, UNTIL, SMS_FROM, SMS_UNTIL, "organisation.time_zone"))
        self._zone = ZoneInfo(self._set["organisation.time_zone"])
        self._calendars: dict[int, WorkCalendar] = {}

    def opens(self, channel: Channel, unit: Unit | None) -> datetime | None:
        """When a message may leave by a channel; None when that is now."""
        at = self._opening(unit, self.now)
        if channel.contact == "phone":
            # The day may open after the evening's end of SMS, and then the morning of SMS counts in turn.
            for _ in range(2):
                at = next_within(at, self._set[SMS_FROM], self._set[SMS_UNTIL], self._zone)
                at = self._opening(unit, at)
        return at if at > self.now else None

    def _opening(self, unit: Unit | None, now: datetime) -> datetime:
        if self._set[WHEN] == "hours":
            return next_within(now, self._set[FROM], self._set[UNTIL], self._zone)
        if self._set[WHEN] == "calendar" and unit is not None:
            if unit.pk not in self._calendars:
                self._calendars[unit.pk] = calendar_for(unit)
            return next_working(self._calendars[unit.pk], now)
        return now


def next_working(calendar: WorkCalendar, now: datetime) -> datetime:
    """The first instant from ``now`` on that is working time; a calendar without any holds nothing up."""
    day, at = calendar.local_date(now), micros(now)
    for _ in range(HORIZON.days):
        for start, end in calendar.spans(day):
            if at < end:
                return now if at >= start else moment_at(start)
        day += timedelta(days=1)
    return now
