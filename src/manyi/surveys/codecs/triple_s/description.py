"""The description of a Triple-S file: its variables, and where the value of each lies in the data.

Standard: https://www.triple-s.org (1.2 of 1998 to 3.0 of 2017).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from manyi.kernel.labels import Label
from manyi.surveys.codecs.codebook import said
from manyi.surveys.codecs.document import Unreadable
from manyi.surveys.codecs.xml import parse_xml
from manyi.surveys.reading import LANGUAGE
from manyi.surveys.tree import Text

TYPES = frozenset({"single", "multiple", "quantity", "character", "logical", "date", "time"})
#: Our tree stands in an element of our own, which other readers pass over.
OURS, NAMESPACE = "manyi:tree", {"xmlns:manyi": "urn:manyi"}
#: Names stand in the tree as they are written, prefix and all.
LANGUAGE_OF = "xml:lang"
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([\w.-]+)["']""")


@dataclass(slots=True)
class Described:
    """One variable: its place (from 1), its labelled values, and how the choices of several are written."""

    name: str
    type: str
    title: Text
    start: int
    finish: int
    use: str = ""
    values: list[tuple[str, Text]] = field(default_factory=list)
    subfields: int = 0
    width: int = 1
    decimals: bool = False


@dataclass(slots=True)
class Description:
    """The whole file. ``href`` names the data, ``encoding`` says how they are written (empty: unsaid)."""

    title: Text
    variables: list[Described]
    csv: bool
    skip: int
    href: str
    encoding: str
    written_in: str
    ours: str


def read_description(data: bytes) -> Description:
    """The variables of a .sss; raises Unreadable for XML that is broken, hostile or something else."""
    root = parse_xml(data)
    survey = root.find("survey") if root.tag == "sss" else None
    record = survey.find("record") if survey is not None else None
    if survey is None or record is None:
        words = "这不是 Triple-S 文件:没有 <record>。", "No Triple-S file: it has no <record>."
        raise Unreadable(Label(*words))
    declared = _ENCODING.search(data[:200])
    return Description(
        title=_text(survey.find("title")),
        variables=[_variable(each) for each in record.findall("variable")],
        csv=record.get("format", "fixed").lower() == "csv",
        skip=_whole(record.get("skip", "0"), "skip"),
        href=record.get("href", ""),
        encoding=record.get("data-file-encoding", ""),
        written_in=declared.group(1).decode() if declared else "",
        ours=(survey.findtext(OURS) or "").strip(),
    )


def _variable(element: Element) -> Described:
    name = (element.findtext("name") or element.get("ident") or "").strip()
    kind, position = element.get("type", ""), element.find("position")
    if kind not in TYPES or position is None:
        raise Unreadable(
            Label(f"变量 {name} 没有类型或位置。", f"The variable {name} has no known type or no position.")
        )
    start = _whole(position.get("start", ""), name)
    found = Described(name, kind, _text(element.find("label")) or said(name), start, start)
    found.finish = _whole(position.get("finish", str(start)), name)
    found.use = element.get("use", "")
    values = element.find("values")
    for each in values.findall("value") if values is not None else ():
        code = each.get("code", "").strip()
        found.values.append((code, _text(each) or said(code)))
    ranges = [each.get(end, "") for each in element.iter("range") for end in ("from", "to")]
    found.decimals = kind == "quantity" and (any("." in each for each in ranges) or not ranges)
    spread = element.find("spread")
    if spread is not None:
        found.subfields = max(_whole(spread.get("subfields", "1"), name), 1)
        room = found.finish - found.start + 1
        found.width = _whole(spread.get("width", str(max(room // found.subfields, 1))), name)
    return found


def _whole(text: str, place: str) -> int:
    if not text.strip().isdecimal() or int(text) > 1_000_000:
        raise Unreadable(Label(f"{place}:位置“{text}”有误。", f"{place}: the position “{text}” is wrong."))
    return int(text)


def _text(element: Element | None) -> Text:
    """The words of a label, by language where it says so; those for analysis before those for interviews."""
    if element is None:
        return Text()
    found: dict[str, str] = {}
    for each in element.findall("text"):
        code = _language(each.get(LANGUAGE_OF, ""))
        if each.get("mode", "").lower() == "analysis" or not found.get(code):
            found[code] = _words(each) or found.get(code, "")
    if not any(found.values()):
        return said(_words(element))
    more = tuple(sorted((code, words) for code, words in found.items() if code not in {"", "zh", "en"}))
    unsaid = said(found.get("", ""))
    return Text(
        found.get("zh", unsaid.zh), found.get("en", unsaid.en), tuple(each for each in more if each[1])
    )


def _language(code: str) -> str:
    if code.lower()[:2] in {"zh", "en"}:
        return code.lower()[:2]
    return code if LANGUAGE.fullmatch(code) else code.lower() if LANGUAGE.fullmatch(code.lower()) else ""


def _words(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())
