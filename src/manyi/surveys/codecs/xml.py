"""XML that nobody can turn against us: no entities, no network, no depth without end."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from xml.parsers import expat

from manyi.kernel.labels import Label
from manyi.surveys.codecs.document import MEGABYTE, Unreadable

MOST_DEPTH = 60
MOST_ELEMENTS = 2_000_000


class _Forbidden(Exception):
    """A construct that no file of a survey needs."""


def parse_xml(data: bytes, most: int = 50 * MEGABYTE) -> ET.Element:
    """The root element. A DOCTYPE is passed over and its file never fetched; entities are refused.

    Raises Unreadable with the line for text that is no XML, is cut off, too large or hostile.
    """
    if len(data) > most:
        size = f"{len(data) / MEGABYTE:.0f} MB"
        raise Unreadable(Label(f"文件过大({size})。", f"The file is too large ({size})."))
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.tree.data
    parser.EntityDeclHandler = builder.refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(data, True)
    except _Forbidden as error:
        words = "XML 中含有不允许的内容(实体或过深的嵌套)。", f"This XML holds what we do not take: {error}."
        raise Unreadable(Label(*words)) from error
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = getattr(error, "lineno", 1)
        words = f"XML 第 {line} 行有误或文件不完整。", f"The XML is broken or cut off at line {line}."
        raise Unreadable(Label(*words)) from error
    return builder.tree.close()


class _Builder:
    """Builds the tree and counts on the way."""

    def __init__(self) -> None:
        self.tree = ET.TreeBuilder()
        self.depth = self.count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > MOST_DEPTH or self.count > MOST_ELEMENTS:
            raise _Forbidden("it is nested too deeply or has too many elements")
        self.tree.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.tree.end(tag)

    def refuse(self, name: str, *_: object) -> None:
        raise _Forbidden(f"the entity “{name}” is declared in it")
