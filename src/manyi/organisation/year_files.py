"""A year of a calendar as a file: read from iCal or a table to be reviewed, written as iCal.

iCal by RFC 5545, whole days only: what has an hour is no holiday. A file never decides what is a day off.
Public calendars list observances, and whoever believes them closes the office on Saint Martin's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from manyi.kernel.labels import Label
from manyi.organisation import ical, tables
from manyi.organisation.errors import Refused

#: Words that say whether a date is worked: in a column of a table, or in the summary of an event.
WORKING = frozenset({"1", "true", "yes", "工作", "上班", "工作日", "调休上班", "班", "working", "work"})
OFF = frozenset({"0", "false", "no", "休", "休息", "放假", "假", "休息日", "off", "rest", "holiday"})
_SAID_OFF = re.compile(r"放假|休息|\(休\)|(休)|休$")
_SAID_WORKING = re.compile(r"补班|调休上班|上班|\(班\)|(班)|班$")
MOST_DAYS, MOST_BYTES = 800, 2 << 20
DATE_COLUMNS = ("date", "日期")
WORKING_COLUMNS = ("working", "是否工作", "类型", "状态")
REASON_COLUMNS = ("reason", "name", "说明", "节日", "名称")


@dataclass(frozen=True, slots=True)
class Proposed:
    """One date of a file: its words, and whether it seems to be worked; None where the file does not say."""

    date: dt.date
    words: str
    working: bool | None


def read(path: Path, name: str) -> list[Proposed]:
    """The dates of a file in order, each once. Raises Refused with the row or with what to do."""
    if name.lower().endswith((".ics", ".ical")):
        if path.stat().st_size > MOST_BYTES:
            raise Refused(Label("文件超过 2 MB。", "The file is larger than 2 MB."), field="file")
        found = from_ical(path.read_text(encoding="utf-8", errors="replace"))
    else:
        found = _from_table(tables.read(path, name))
    if not found:
        words = (
            "文件里没有日期;表格需要“日期”一列。",
            "The file has no date; a table needs a column “date”.",
        )
        raise Refused(Label(*words), field="file")
    return sorted({row.date: row for row in found}.values(), key=lambda row: row.date)[:MOST_DAYS]


def from_ical(text: str) -> list[Proposed]:
    """The whole-day events of an iCal file; those of several days once for each."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    found: list[Proposed] = []
    for event in re.findall(r"(?s)BEGIN:VEVENT(.*?)END:VEVENT", unfolded):
        start, end = _day(event, "DTSTART"), _day(event, "DTEND")
        if start is None:
            continue
        words = _said(event)
        days = min(max((end - start).days if end else 1, 1), 31)
        found += [Proposed(start + dt.timedelta(days=n), words, _seems(words)) for n in range(days)]
    return found


def _day(event: str, name: str) -> dt.date | None:
    given = re.search(rf"(?m)^{name}(?:;[^:\r\n]*)?:(\d{{8}})\s*$", event)
    try:
        return dt.datetime.strptime(given.group(1), "%Y%m%d").date() if given else None  # noqa: DTZ007 - a date
    except ValueError:
        return None


def _said(event: str) -> str:
    given = re.search(r"(?m)^SUMMARY(?:;[^:\r\n]*)?:(.*)$", event)
    text = given.group(1).strip() if given else ""
    return re.sub(r"\\([,;\\nN])", lambda mark: " " if mark.group(1) in "nN" else mark.group(1), text)[:80]


def _seems(words: str) -> bool | None:
    if _SAID_WORKING.search(words):
        return True
    return False if _SAID_OFF.search(words) else None


def _from_table(table: tables.Table) -> list[Proposed]:
    columns = {name.strip().lower(): name for name in table.columns}
    date, working, reason = (
        next((columns[name] for name in names if name in columns), "")
        for names in (DATE_COLUMNS, WORKING_COLUMNS, REASON_COLUMNS)
    )
    if not date:
        raise Refused(Label("表格需要“日期”一列。", "The table needs a column “date”."), field="file")
    return [
        Proposed(
            _table_date(row.values.get(date, ""), row.number),
            row.values.get(reason, "").strip()[:80],
            _table_working(row.values.get(working, "")),
        )
        for row in table.rows
        if row.values.get(date, "").strip()
    ]


def _table_date(text: str, number: int) -> dt.date:
    moment = tables.parse_moment(text.strip())
    if moment is None:
        words = f"第 {number} 行的日期“{text}”无法识别。", f"Row {number}: “{text}” is no date."
        raise Refused(Label(*words), field="file")
    return moment.date()


def _table_working(text: str) -> bool | None:
    word = text.strip().lower()
    return True if word in WORKING else False if word in OFF else None


def written(name: str, days: Iterable[tuple[dt.date, bool, str]], stamp: dt.datetime) -> str:
    """The dates on which a calendar differs from its week as an iCal file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Manyi//CN", f"X-WR-CALNAME:{ical.escaped(name)}"]
    for day, working, reason in days:
        words = f"{reason}({'班' if working else '休'})"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{day:%Y%m%d}@manyi",
            f"DTSTAMP:{ical.utc(stamp)}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{ical.escaped(words)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return ical.text_of([*lines, "END:VCALENDAR"])
