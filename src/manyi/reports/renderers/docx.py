"""Word."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from manyi.kernel.labels import Label
from manyi.reports.document import Document
from manyi.reports.fonts import OFFICE_FAMILY
from manyi.reports.printed import printed
from manyi.reports.renderers import RENDERERS

Plain = dict[str, Any]
INK, QUIET, ACCENT, BAD = (RGBColor.from_string(c) for c in ("1F2937", "4A5565", "0072B2", "B42318"))
#: A bar is drawn with this many cells of a table: Word's own, to be edited like any other.
STEPS = 25


@RENDERERS.register
class Docx:
    """The report as a Word document with styles, real tables and bars made of table cells."""

    id = "docx"
    label = Label("Word 文件", "Word")
    content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def render(self, document: Document, language: str) -> bytes:
        """The document as a file."""
        paper = printed(document, language)
        word = docx.Document()
        _set_up(word)
        _front(word, paper)
        for section in paper["sections"]:
            word.add_heading(section["title"], 1)
            for block in section["blocks"]:
                DRAW[block["kind"]](word, block)
        held = io.BytesIO()
        word.core_properties.title = paper["title"]
        word.core_properties.author = paper["organisation"]
        word.save(held)
        return held.getvalue()


def _set_up(word: Any) -> None:
    """A4, and a Chinese font on every style: without it Word falls back to a Latin one."""
    page = word.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2.3)
    for name, size, colour in (
        ("Normal", 10, INK),
        ("Title", 22, INK),
        ("Heading 1", 14, ACCENT),
        ("Heading 2", 11, INK),
    ):
        style = word.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = colour
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), OFFICE_FAMILY)


def _front(word: Any, paper: Plain) -> None:
    """Where from, title, who signed, and the author's own words."""
    _quiet(word.add_paragraph(), f"{paper['from']} · {paper['state']}")
    word.add_paragraph(paper["title"], style="Title")
    for act, name, at in paper["signatures"]:
        _quiet(word.add_paragraph(), f"{act} {name} {at}")
    if paper["summary"]:
        word.add_heading(paper["words"]["summary"], 1)
        for line in paper["summary"]:
            word.add_paragraph(line)


def _paragraph(word: Any, block: Plain) -> None:
    word.add_paragraph(block["text"])


def _figures(word: Any, block: Plain) -> None:
    """A row of boxes: name above, figure below."""
    items = block["items"]
    table = word.add_table(rows=2, cols=len(items), style="Table Grid")
    for place, item in enumerate(items):
        _quiet(table.cell(0, place).paragraphs[0], item["label"])
        _shown(table.cell(1, place).paragraphs[0], item, Pt(12))
    word.add_paragraph()


def _table(word: Any, block: Plain) -> None:
    word.add_heading(block["title"], 2)
    table = word.add_table(rows=1, cols=len(block["columns"]), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, block["columns"], strict=True):
        _quiet(cell.paragraphs[0], name)
        _shade(cell, "F3F5F8")
    _repeat_head(table.rows[0])
    for row in block["rows"]:
        for cell, content in zip(table.add_row().cells, row, strict=True):
            _shown(cell.paragraphs[0], content, Pt(9))
    word.add_paragraph()


def _bars(word: Any, block: Plain) -> None:
    """Each bar is a row of narrow cells, shaded as far as the value reaches."""
    word.add_heading(block["title"], 2)
    table = word.add_table(rows=0, cols=STEPS + 2)
    table.autofit = False
    widths = [Cm(4.2), *[Cm(0.3)] * STEPS, Cm(4.9)]
    for row in block["rows"]:
        cells = table.add_row().cells
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width
        _small(cells[0].paragraphs[0], row["label"])
        filled = 0 if row["value"] is None else max(1, round(row["value"] / 100 * STEPS))
        for cell in cells[1 : filled + 1]:
            _shade(cell, "D55E00" if row["bad"] else "0072B2")
        _shown(cells[-1].paragraphs[0], row, Pt(9))
    _quiet(word.add_paragraph(), block["goal"])


def _quotes(word: Any, block: Plain) -> None:
    for text, title in block["items"]:
        paragraph = word.add_paragraph(style="List Bullet")
        paragraph.add_run(text)
        _quiet(paragraph, f"  {title}")


DRAW = {
    "paragraph": _paragraph,
    "figures": _figures,
    "table": _table,
    "bars": _bars,
    "quotes": _quotes,
}


def _shown(paragraph: Any, content: Plain, size: Any) -> None:
    """A cell's words; what is bad is marked by shape and colour."""
    run = paragraph.add_run(f"▼ {content['text']}" if content["bad"] else content["text"])
    run.font.size = size
    if content["bad"]:
        run.font.color.rgb = BAD


def _quiet(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(9), QUIET


def _small(paragraph: Any, text: str) -> None:
    paragraph.add_run(text).font.size = Pt(9)


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat_head(row: Any) -> None:
    """The head of a table comes again on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
