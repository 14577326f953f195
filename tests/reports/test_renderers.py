"""Every form of a report says the same, in both languages, and every figure says its n."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from manyi.kernel.labels import Label
from manyi.measures.indicators import MeanSums, ShareSums
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.reports.actions import create_report
from manyi.reports.blocks import (
    Bars,
    Cell,
    Figures,
    FilledSection,
    Paragraph,
    Quotes,
    Table,
    from_json,
    to_json,
    words,
)
from manyi.reports.document import Document, document_of
from manyi.reports.printed import printed
from manyi.reports.renderers import RENDERERS
from manyi.reports.renderers.pdf import NotTypeset
from manyi.reports.sections import ROUND_REPORT, SECTIONS
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

FIGURE = ShareSums(40, 40, 30).figure("csat")
LOW = MeanSums(12, 12, 720, 45000).figure("item_mean:wait")
ONE_OF_EACH = (
    FilledSection(
        "items",
        Label("各项得分", "Items"),
        (
            Paragraph(Label("说明 <b>*重点*</b> #set", "Note <b>*bold*</b> #set")),
            Figures(((Label("满意率", "Satisfied"), Cell(figure=FIGURE)),)),
            Table(
                Label("表", "Table"),
                (Label("项目", "Item"), Label("得分", "Mean")),
                ((words("等待", "Waiting"), Cell(figure=LOW, bad=True)),),
            ),
            Bars(Label("图", "Chart"), ((Label("等待", "Waiting"), Cell(figure=LOW, bad=True)),), 75.0),
            Quotes((("等了三个小时 $x$ [链接]", Label("原因", "Why")),)),
        ),
    ),
)


@pytest.fixture
def document(db: None) -> Document:
    return Document(
        title=Label("春季报告", "Spring report"),
        organisation="远山集团",
        unit=Label("城东店", "East"),
        state=Label("草稿", "Draft"),
        final=False,
        summary="总体良好。\n\n等待时间需要改进。",
        signatures=(),
        sections=ONE_OF_EACH,
    )


def text_of_pdf(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def text_of_docx(content: bytes) -> str:
    word = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in word.paragraphs] + cells)


def text_of(form: str, content: bytes, tmp_path: Path) -> str:
    if form == "pdf":
        return text_of_pdf(content, tmp_path)
    return text_of_docx(content) if form == "docx" else content.decode()


def test_blocks_are_read_back_as_they_were_stored() -> None:
    assert from_json(to_json(ONE_OF_EACH)) == ONE_OF_EACH


@pytest.mark.parametrize("form", RENDERERS.ids())
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_form_says_everything(document: Document, form: str, language: str, tmp_path: Path) -> None:
    text = text_of(form, RENDERERS.get(form).render(document, language), tmp_path)
    spoken = (
        ("等待", "75.0%(59.8–85.8,n=40)")
        if language == "zh-hans"
        else ("Waiting", "75.0% (59.8–85.8, n = 40)")
    )
    for expected in (document.title.text(language), "等待时间需要改进。", "等了三个小时", *spoken, "▼"):
        assert expected in text, expected


@pytest.mark.parametrize("form", RENDERERS.ids())
def test_what_people_write_is_never_markup(document: Document, form: str, tmp_path: Path) -> None:
    text = text_of(form, RENDERERS.get(form).render(document, "zh-hans"), tmp_path)
    assert ("说明 &lt;b&gt;*重点*&lt;/b&gt; #set" if form == "html" else "说明 <b>*重点*</b> #set") in text
    assert "$x$ [链接]" in text


def test_a_font_that_is_not_there_is_a_fault(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("manyi.reports.renderers.pdf.FAMILY", "No Such Font")
    with pytest.raises(NotTypeset, match="unknown font family"):
        RENDERERS.get("pdf").render(document, "zh-hans")


def test_word_gets_a_chinese_font_on_its_styles(document: Document) -> None:
    word = docx.Document(io.BytesIO(RENDERERS.get("docx").render(document, "zh-hans")))
    for name in ("Normal", "Heading 1", "Title"):
        assert 'w:eastAsia="Microsoft YaHei"' in word.styles[name].element.xml


def test_a_bar_stands_between_the_ends_of_its_axis(document: Document) -> None:
    bars = printed(document, "en")["sections"][0]["blocks"][3]
    row = bars["rows"][0]
    assert 0 <= row["low"] <= row["value"] <= row["high"] <= 100
    assert (row["value"], bars["target"], bars["goal"]) == (60.0, 75.0, "Target 75")


@pytest.fixture
def real(
    open_round: Callable[..., Round], east: Unit, west: Unit, person_at: Callable[[Role, Unit], Person]
) -> Document:
    first, second = open_round(), open_round()
    for round in (first, second):
        for number in range(8):
            answer(round, east, sheet(5, 5, 4, 5, 10), segments=["new"] if number % 2 else ["fleet"])
            answer(round, west, sheet(2, 4, 4, 3, 6, why="等了三个小时"), channel="qr")
    manager = person_at(Role.SURVEY_MANAGER, second.unit)
    return document_of(create_report(actor=manager, round=second))


def test_the_report_on_a_round_has_its_sections(real: Document) -> None:
    assert [section.id for section in real.sections] == [*ROUND_REPORT]
    assert set(ROUND_REPORT) <= set(SECTIONS.ids())


@pytest.mark.parametrize("form", RENDERERS.ids())
def test_the_report_on_a_round_in_every_form(real: Document, form: str, tmp_path: Path) -> None:
    text = text_of(form, RENDERERS.get(form).render(real, "zh-hans"), tmp_path)
    for expected in ("调查范围与方法", "主要指标", "维修等待时间", "城西店", "附录:问卷", "没有收到诉求"):
        assert expected in text, expected


def test_every_figure_of_the_report_says_its_n(real: Document) -> None:
    paper = printed(real, "en")
    cells = [
        cell["text"]
        for section in paper["sections"]
        for block in section["blocks"]
        for cell in [
            *block.get("items", []),
            *(c for row in block.get("rows", []) for c in (row if isinstance(row, list) else [row])),
        ]
        if isinstance(cell, dict)
    ]
    figures = [text for text in cells if re.search(r"\d\.\d.*[(±–]", text)]
    assert len(figures) > 20
    assert [text for text in figures if "n = " not in text] == []
