"""What an organisation can set: declared here once, stored only where it differs from the default."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.organisation.models import Setting


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One setting: its key, words, kind (text, number, zone, colour, choice, secret) and default.

    ``group`` names the page that shows it (empty: the general one), ``choices`` the values of a choice. An
    ``optional`` one may be left empty. A secret is stored, but never shown again and never booked.
    """

    key: str
    label: Label
    explanation: Label
    kind: str
    default: Any
    low: int | None = None
    high: int | None = None
    group: str = ""
    optional: bool = False
    choices: tuple[tuple[str, Label], ...] = ()


#: What stands in the log and on pages for a secret that is set.
HIDDEN = "••••••"
SETTINGS: dict[str, SettingSpec] = {}


def declare(key: str, label: Label, explanation: Label, kind: str, default: Any, **more: Any) -> None:
    """Declare a setting; each key once. ``more``: the other fields of SettingSpec."""
    if key in SETTINGS:
        raise ValueError(f"setting {key!r} is declared twice")
    SETTINGS[key] = SettingSpec(key, label, explanation, kind, default, **more)


def value(key: str) -> Any:
    """The organisation's value for a declared setting, or its default."""
    spec = SETTINGS[key]
    stored = Setting.objects.filter(key=key).values_list("value", flat=True).first()
    return spec.default if stored is None else stored


def values(keys: Iterable[str]) -> dict[str, Any]:
    """The values of several settings by key, in one statement."""
    wanted = list(keys)
    stored = dict(Setting.objects.filter(key__in=wanted).values_list("key", "value"))
    return {key: stored.get(key, SETTINGS[key].default) for key in wanted}


def values_as(**keys: str) -> dict[str, Any]:
    """The values of several settings under names of the caller's choice, in one statement."""
    found = values(keys.values())
    return {name: found[key] for name, key in keys.items()}


def shown(key: str) -> Any:
    """The value as it may be shown and booked: a secret only says that it is set."""
    given = value(key)
    return (HIDDEN if given else "") if SETTINGS[key].kind == "secret" else given


def check(key: str, given: Any) -> Any:
    """The given value in its right type; raises Refused with the bound that was missed."""
    spec = SETTINGS[key]
    if spec.kind == "number":
        return _check_number(spec, given)
    text = str(given).strip()
    if not text and spec.optional:
        return ""
    if not text:
        raise Refused(Label(f"请填写“{spec.label.zh}”。", f"Please fill in “{spec.label.en}”."), field=key)
    if spec.kind == "zone":
        try:
            ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError):
            raise Refused(
                Label(f"没有时区“{text}”,例如 Asia/Shanghai。", f"No time zone “{text}”; try Asia/Shanghai."),
                field=key,
            ) from None
    if spec.kind == "choice" and text not in dict(spec.choices):
        raise Refused(Label("请从列表中选择。", "Please choose from the list."), field=key)
    if spec.kind == "colour" and not (len(text) == 7 and text[0] == "#" and _is_hex(text[1:])):
        raise Refused(Label("颜色请写成 #1f6feb 的形式。", "Write a colour like #1f6feb."), field=key)
    return text


def _check_number(spec: SettingSpec, given: Any) -> int:
    try:
        number = int(given)
    except (TypeError, ValueError):
        raise Refused(Label("请填写整数。", "Please give a whole number."), field=spec.key) from None
    if (spec.low is not None and number < spec.low) or (spec.high is not None and number > spec.high):
        raise Refused(
            Label(f"请填写 {spec.low} 到 {spec.high}。", f"Please give {spec.low} to {spec.high}."),
            field=spec.key,
        )
    return number


def _is_hex(text: str) -> bool:
    return all(char in "0123456789abcdefABCDEF" for char in text)


declare(
    "organisation.name",
    Label("单位名称", "Name of the organisation"),
    Label("显示在问卷、邮件和报告上。", "Shown on questionnaires, mails and reports."),
    "text",
    "满意",
)
declare(
    "organisation.time_zone",
    Label("时区", "Time zone"),
    Label("没有个人设置时按此显示时间。", "Times are shown in it unless a person chose another."),
    "zone",
    "Asia/Shanghai",
)
declare(
    "organisation.accent",
    Label("主题色", "Accent colour"),
    Label("按钮和链接的颜色。", "Colour of buttons and links."),
    "colour",
    "#1d5fbf",
)
declare(
    "privacy.minimum_group",
    Label("最小显示人数", "Smallest group shown"),
    Label("少于此人数的分组不显示结果。", "Results of smaller groups are suppressed."),
    "number",
    5,
    low=1,
    high=100,
)
