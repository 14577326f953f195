"""The configuration of a question as a form, made from the dataclass of its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys.configuration import settings_of
from manyi.surveys.files import KINDS
from manyi.surveys.files import NAMES as FILE_NAMES
from manyi.surveys.question_types import TYPES

NAMES = {
    "low": Label("最小值", "Least"),
    "high": Label("最大值", "Greatest"),
    "step": Label("步长", "Step"),
    "not_applicable": Label("提供“不适用”", "Offer “not applicable”"),
    "look": Label("样式", "Look"),
    "at_least": Label("至少(个数)", "At least"),
    "at_most": Label("上限(个数或字数)", "At most (choices or characters)"),
    "many": Label("可以多选", "Several may be chosen"),
    "megabytes": Label("每个文件最大(MB)", "Largest file (MB)"),
    "kinds": Label("允许的文件", "Files taken"),
    "kind": Label("号码类型", "Kind of number"),
    "decimals": Label("小数位", "Decimals"),
    "unit": Label("单位", "Unit"),
    "total": Label("合计", "Total"),
    "first": Label("最早", "Earliest"),
    "last": Label("最晚", "Latest"),
    "expression": Label("计算公式", "Formula"),
    "shown": Label("答题人能看到", "Respondents see it"),
    "result": Label("结果", "Result"),
    "parameter": Label("链接中的参数名", "Name of the parameter in the link"),
}
CHOICES = {
    "": Label("无", "None"),
    "numbers": Label("数字", "Numbers"),
    "stars": Label("星星", "Stars"),
    "faces": Label("笑脸", "Faces"),
    "labels": Label("文字", "Words"),
    "number": Label("数字", "Number"),
    "text": Label("文字", "Text"),
    "mobile": Label("手机", "Mobile"),
    "any": Label("手机或座机", "Any telephone"),
    "resident": Label("居民身份证", "Resident identity card"),
    "general": Label("其他证件", "Any other"),
    "sum": Label("求和", "Sum"),
    "avg": Label("平均", "Average"),
    "min": Label("最小", "Least"),
    "max": Label("最大", "Greatest"),
    "count": Label("个数", "Count"),
    **FILE_NAMES,
}
#: The values that a setting of several texts can have.
MEMBERS = {"kinds": tuple(KINDS)}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as a form shows it: ``flag``, ``choice``, ``members``, ``number``, ``expression`` or text.

    ``choices`` are the values with their words and whether they are chosen.
    """

    name: str
    label: Label
    kind: str
    value: str
    choices: tuple[tuple[str, Label, bool], ...] = ()


def settings_for(kind: str, config: Mapping[str, Any]) -> list[Setting]:
    """The settings of a question type with the values of a question, in the order of the type."""
    plugin = TYPES.get(kind).config
    wanted, defaults = settings_of(plugin), {item.name: item.default for item in fields(plugin)}
    return [_setting(name, wanted[name], config.get(name, default)) for name, default in defaults.items()]


def _setting(name: str, wanted: Any, value: Any) -> Setting:
    label = NAMES.get(name, Label(name, name))
    if wanted is bool:
        return Setting(name, label, "flag", "yes" if value else "no")
    if get_origin(wanted) is Literal:
        return Setting(name, label, "choice", str(value), _choices(get_args(wanted), {value}))
    if get_origin(wanted) is tuple:
        members = MEMBERS.get(name, tuple(value))
        return Setting(name, label, "members", "", _choices(members, set(value)))
    shown = (
        "" if value is None or value is MISSING else f"{value:g}" if isinstance(value, float) else str(value)
    )
    kind = "expression" if name == "expression" else "number" if _is_number(wanted) else "text"
    return Setting(name, label, kind, shown)


def _choices(values: tuple[str, ...], chosen: set[str]) -> tuple[tuple[str, Label, bool], ...]:
    return tuple((value, CHOICES.get(value, Label(value, value)), value in chosen) for value in values)


def _is_number(wanted: Any) -> bool:
    if get_origin(wanted) is UnionType:
        return all(_is_number(each) for each in get_args(wanted) if each is not NoneType)
    return wanted in {int, float}


def config_from(given: Mapping[str, str], kind: str, old: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration that a form gives (``config.low``) over the old one; emptied settings fall back.

    Raises Refused at the field for what is no number.
    """
    config = dict(old)
    for name, wanted in settings_of(TYPES.get(kind).config).items():
        if get_origin(wanted) is tuple and f"config.{name}" in given:
            config[name] = [m for m in MEMBERS.get(name, ()) if f"config.{name}.{m}" in given]
        elif f"config.{name}" in given:
            config.pop(name, None)
            if text := given[f"config.{name}"].strip():
                config[name] = _typed(text, name, wanted)
    return config


def _typed(text: str, name: str, wanted: Any) -> Any:
    if wanted is bool:
        return text == "yes"
    if not _is_number(wanted):
        return text
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    raise Refused(Label("请填写数字。", "Please give a number."), field=f"config.{name}")
