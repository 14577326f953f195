"""How a file of cases from elsewhere is read: the mapping of its columns, and one row as a case.

A mapping is a readable TOML file::

    name = "citizen-messages"        # whose numbers the key column holds
    key = "msg_id"                   # the column that names a row for ever
    kind = "complaint"               # unless a column says it
    channel = "social"               # optional: the posts of social media, a chat, another system

    [columns]                        # column → what it is of a case
    "title" = "subject"
    "received_at" = "received_at"

    [unit]                           # optional: a column with unit codes
    column = "department"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from manyi.cases.choices import KINDS
from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid
from manyi.organisation.tables import Row, RowProblem, parse_moment

FIELDS = (
    *("subject", "body", "received_at", "answer", "answered_at", "kind", "category"),
    *("contact_name", "contact_phone", "contact_email", "url"),
)
_NAMES = {"name", "key", "kind", "channel", "columns", "unit"}
#: What a file can say of the way in; without a word its cases are imported ones.
_CHANNELS = ("import", "chat", "social", "other")
NEEDED = ("body", "received_at")


@dataclass(frozen=True, slots=True)
class CaseMapping:
    """A mapping read and checked in form; ``columns`` leads from our field to the column."""

    name: str
    key: str
    kind: str
    columns: Mapping[str, str]
    unit_column: str = ""
    channel: str = "import"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One good row: texts by field, and its moments (aware)."""

    key: str
    kind: str
    received_at: datetime
    answered_at: datetime | None
    unit: str
    texts: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a field; empty when the file has none."""
        return self.texts.get(name, "")

    @property
    def words(self) -> str:
        """What was written, with the address of the post where there is one."""
        url = self.text("url")[:500]
        return f"{self.text('body')}\n原帖:{url}" if url else self.text("body")


def read_mapping(data: Mapping[str, Any]) -> CaseMapping:
    """The mapping in plain tables (a read TOML file); raises Invalid with everything wrong in it."""
    faults: list[tuple[str, Label]] = [
        (name, Label(f"映射文件中没有“{name}”这一项。", f"A mapping has no “{name}”."))
        for name in sorted(data.keys() - _NAMES)
    ]
    columns = data.get("columns")
    named = (
        {str(ours): str(theirs) for theirs, ours in columns.items()} if isinstance(columns, Mapping) else {}
    )
    faults += [
        (f"columns.{name}", Label(f"诉求没有“{name}”这一项。", f"A case has no “{name}”."))
        for name in sorted(named.keys() - set(FIELDS))
    ]
    faults += [
        (name, Label("请填写这一项。", "This has to be given."))
        for name in ("name", "key")
        if not data.get(name)
    ]
    faults += [
        (f"columns.{name}", Label(f"请指明哪一列是“{name}”。", f"Say which column is the “{name}”."))
        for name in NEEDED
        if name not in named
    ]
    kind = str(data.get("kind", "complaint"))
    if kind not in dict(KINDS):
        faults.append(("kind", Label(f"没有“{kind}”这类诉求。", f"There is no kind “{kind}”.")))
    channel = str(data.get("channel", "import"))
    if channel not in _CHANNELS:
        words = f"渠道请写 {'、'.join(_CHANNELS)} 之一。", f"The channel is one of {', '.join(_CHANNELS)}."
        faults.append(("channel", Label(*words)))
    if faults:
        raise Invalid(faults)
    unit = data.get("unit", {})
    return CaseMapping(str(data["name"]), str(data["key"]), kind, named, str(unit.get("column", "")), channel)


def missing_columns(mapping: CaseMapping, columns: Iterable[str]) -> list[tuple[str, Label]]:
    """The columns that the mapping names and the file does not have."""
    used = {mapping.key, mapping.unit_column, *mapping.columns.values()} - {""}
    return [
        (name, Label(f"文件中没有列“{name}”。", f"The file has no column “{name}”."))
        for name in sorted(used - set(columns))
    ]


def read_row(row: Row, mapping: CaseMapping, zone: ZoneInfo) -> CaseRow | list[RowProblem]:
    """One row as a case, or everything that is wrong with it."""
    texts = {name: row.values.get(column, "").strip() for name, column in mapping.columns.items()}
    key = row.values.get(mapping.key, "").strip()
    problems: list[RowProblem] = []

    def refuse(name: str, zh: str, en: str) -> None:
        problems.append(RowProblem(row.number, mapping.columns.get(name, mapping.key), Label(zh, en)))

    received, answered = _moment(texts, "received_at", zone), _moment(texts, "answered_at", zone)
    kind = texts.get("kind") or mapping.kind
    if not key:
        refuse("key", "缺少编号。", "The number is missing.")
    if not texts["body"]:
        refuse("body", "内容为空。", "The text is empty.")
    if kind not in dict(KINDS):
        refuse("kind", f"没有“{kind}”这类诉求。", f"There is no kind “{kind}”.")
    if received is None:
        refuse("received_at", "收到时间无法识别,请写成 2026-01-05 09:30。", "Write it as 2026-01-05 09:30.")
    if texts.get("answered_at") and answered is None:
        refuse("answered_at", "答复时间无法识别,请写成 2026-01-05 09:30。", "Write it as 2026-01-05 09:30.")
    if received and answered and answered.date() < received.date():
        refuse("answered_at", "答复早于收到。", "It was answered before it was received.")
    if problems or received is None:
        return problems
    # A date without a time stands for some hour of that day, never one before the receipt.
    late = max(answered, received) if answered else None
    return CaseRow(key, kind, received, late, row.values.get(mapping.unit_column, ""), texts)


def _moment(texts: Mapping[str, str], name: str, zone: ZoneInfo) -> datetime | None:
    found = parse_moment(texts.get(name, ""))
    return found.replace(tzinfo=zone) if found else None
