"""The types of XLSForm rows, in all their spellings, and what they become."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """What a row is: a question of our ``type`` with the name of its list, or a ``step`` of the structure."""

    type: str = ""
    step: str = ""
    choices: str = ""
    other: bool = False
    config: tuple[tuple[str, Any], ...] = ()
    lost: tuple[str, str] | None = None


_STEPS = re.compile(r"(begin|end)[ _]+(group|repeat|loop)")
_SELECT = re.compile(
    r"(select[ _]one(?: from)?|select[ _]multiple(?: from)?|select all that apply(?: from)?|select1|rank|"
    r"select)\s+(\S+?)(\s+or[ _](?:other|specify other))?\s*"
)
_AS_TEXT = ("改为单行文字", "it became a short text")
_SIMPLE: dict[str, Kind] = {
    "text": Kind("text_short"),
    "string": Kind("text_short"),
    "integer": Kind("number"),
    "int": Kind("number"),
    "decimal": Kind("number", config=(("decimals", 9),)),
    "range": Kind("slider"),
    "note": Kind("information"),
    "acknowledge": Kind("consent"),
    "trigger": Kind("consent"),
    "date": Kind("date"),
    "time": Kind("time"),
    "datetime": Kind("datetime"),
    "image": Kind("photo"),
    "photo": Kind("photo"),
    "file": Kind("file"),
    "audio": Kind("file", lost=("录音题改为文件上传。", "Recording became handing in a file.")),
    "video": Kind("file", lost=("录像题改为文件上传。", "Recording became handing in a file.")),
    "geopoint": Kind("location"),
    "location": Kind("location"),
    "geotrace": Kind("text_short", lost=_AS_TEXT),
    "geoshape": Kind("text_short", lost=_AS_TEXT),
    "barcode": Kind("text_short", lost=_AS_TEXT),
    "phone number": Kind("phone", config=(("kind", "any"),)),
    "email": Kind("email"),
    "calculate": Kind("calculated", config=(("decimals", 9),)),
    "hidden": Kind("hidden"),
}
_DEVICES = """
deviceid uri:deviceid subscriberid uri:subscriberid simserial uri:simserial phonenumber uri:phonenumber imei
uri:email uri:username start-geopoint background-audio background-geopoint
"""
#: What the form collects by itself, and why it is not a question with us.
META: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("start", "end", "today", "username", "audit"), ("满意自动记录", "Manyi records it by itself")
    ),
    **dict.fromkeys(_DEVICES.split(), ("与设备有关的信息不收集", "data about devices is not collected")),
}
#: Columns that only dress the form or serve its app.
DRESS = frozenset({"appearance", "autoplay", "rows", "read_only", "relevance", "disabled"})


def kind_of(text: str) -> Kind:
    """What a row of this type is; an empty Kind for an unknown one."""
    words = re.sub(r"\s+", " ", text.strip().lower())
    step = _STEPS.fullmatch(words)
    if step:
        inner = "group" if step.group(2) == "group" else "repeat"
        return Kind(step=inner if step.group(1) == "begin" else "end")
    if words in META:
        return Kind(step="meta")
    found = _SELECT.fullmatch(re.sub(r"\s+", " ", text.strip()), 0) or _SELECT.fullmatch(words)
    if found and words not in _SIMPLE:
        word = found.group(1).lower().replace("_", " ")
        many = "multiple" in word or "all that" in word
        kind = "ranking" if word == "rank" else "multiple" if many else "single"
        config = (("at_least", 0),) if kind == "ranking" else ()
        return Kind(kind, choices=found.group(2), other=bool(found.group(3)), config=config)
    return _SIMPLE.get(words, Kind())
