"""A result as a file: JSON for programs, XLSX for people, HTML to look at and to send."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from manyi.analytics.results import Heading, Result, ResultTable, plain_cell
from manyi.analytics.specification import Specification
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused

ENDINGS = (".json", ".xlsx", ".html")
_FORMATS = {"share": "0.0%", "p": "0.0000", "count": "#,##0", "number": "0.0000", "points": "0.00"}
_STYLE = """
body {font: 15px/1.6 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif; max-width: 70rem;
  margin: 2rem auto; padding: 0 1rem}
table {border-collapse: collapse; margin: 1rem 0}
th, td {border-bottom: 1px solid #ccd; padding: .3rem .7rem; text-align: right}
th:first-child, td:first-child, caption {text-align: left}
caption {font-weight: 600}
pre {background: #f4f5f7; padding: 1rem; overflow: auto}
.note {color: #555}
.scroll {overflow-x: auto}
"""


def document(specification: Specification, result: Result, source: Mapping[str, Any]) -> dict[str, Any]:
    """The whole answer as JSON values: what was asked, of which data, what came out."""
    analysis = specification.analysis
    return {
        "method": analysis.id,
        "title": specification.title or analysis.label.zh,
        "how": {"zh": analysis.method.zh, "en": analysis.method.en},
        "caution": {"zh": analysis.caution.zh, "en": analysis.caution.en},
        "specification": dict(specification.given),
        "source": dict(source),
        **result.to_json(),
    }


def write(
    path: Path, specification: Specification, result: Result, source: Mapping[str, Any], language: str = "zh"
) -> None:
    """Write a result by the ending of the path; raises Refused for another ending."""
    ending = path.suffix.lower()
    if ending == ".json":
        text = json.dumps(document(specification, result, source), ensure_ascii=False, indent=2)
        path.write_text(text + "\n", encoding="utf-8")
    elif ending == ".xlsx":
        path.write_bytes(as_workbook(specification, result, language))
    elif ending == ".html":
        path.write_text(as_page(specification, result, language), encoding="utf-8")
    else:
        known = ", ".join(ENDINGS)
        raise Refused(Label(f"输出文件应是 {known}。", f"The output is one of {known}."), field="out")


def as_workbook(specification: Specification, result: Result, language: str) -> bytes:
    """A workbook: one sheet for each table, and one that says what was asked and how."""
    import io

    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        forms = {form: book.add_format({"num_format": shape}) for form, shape in _FORMATS.items()}
        taken: set[str] = set()
        for table in result.tables:
            sheet = book.add_worksheet(_sheet_name(table.title.text(language), taken))
            sheet.freeze_panes(1, 1)
            for at, heading in enumerate(table.headings):
                sheet.write(0, at, heading.title.text(language), bold)
                for down, row in enumerate(table.rows, start=1):
                    cell = _cell(row.get(heading.id), language)
                    if cell is not None:
                        sheet.write(down, at, cell, forms.get(heading.form))
            for down, note in enumerate(table.notes, start=len(table.rows) + 2):
                sheet.write(down, 0, note.text(language))
            sheet.autofit()
        told = book.add_worksheet(_sheet_name("说明" if language == "zh" else "About", taken))
        for down, line in enumerate(_told(specification, result, language)):
            told.write(down, 0, line)
    return held.getvalue()


def as_page(specification: Specification, result: Result, language: str) -> str:
    """One page of HTML that stands alone."""
    title = html.escape(_title(specification, language))
    parts = [f"<h1>{title}</h1>"]
    if result.sentence:
        parts.append(f"<p><strong>{html.escape(result.sentence.text(language))}</strong></p>")
    parts += [_html_table(table, language) for table in result.tables]
    lines = _told(specification, result, language)[:-1]
    parts += [f'<p class="note">{html.escape(line)}</p>' for line in lines]
    parts.append(f"<pre>{html.escape(specification.to_toml())}</pre>")
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{_STYLE}</style>"
    )
    body = "\n".join(parts)
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{body}</body></html>\n'


def shown(cell: Any, heading: Heading, language: str) -> str:
    """A cell as people read it."""
    cell = _cell(cell, language)
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "✓" if cell else ""
    if heading.form == "share":
        return f"{cell * 100:.1f}%"
    if heading.form == "p":
        return "<0.001" if cell < 0.001 else f"{cell:.3f}"
    if heading.form == "count":
        return f"{cell:,.0f}"
    return f"{cell:,.1f}" if heading.form == "points" else _number(float(cell))


def _number(value: float) -> str:
    """Four digits that count, never fewer than stand before the point: 0.01234, 12.34, 123,457."""
    return f"{value:,.0f}" if 1e3 <= abs(value) < 1e15 else f"{value:,.4g}"


def _html_table(table: ResultTable, language: str) -> str:
    head = "".join(f'<th scope="col">{html.escape(h.title.text(language))}</th>' for h in table.headings)
    cells = ((shown(row.get(h.id), h, language) for h in table.headings) for row in table.rows)
    rows = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in cells)
    notes = "".join(f'<p class="note">{html.escape(note.text(language))}</p>' for note in table.notes)
    caption = html.escape(table.title.text(language))
    return (
        f'<div class="scroll"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{notes}"
    )


def _told(specification: Specification, result: Result, language: str) -> list[str]:
    """What stands below every result; the specification comes last."""
    analysis = specification.analysis
    lines = [f"n = {result.n:,}"]
    lines += [warning.text(language) for warning in result.warnings]
    lines += [analysis.method.text(language), analysis.caution.text(language), specification.to_toml()]
    return lines


def _title(specification: Specification, language: str) -> str:
    return specification.title or specification.analysis.label.text(language)


def _cell(cell: Any, language: str) -> Any:
    if isinstance(cell, Label):
        return cell.text(language)
    found = plain_cell(cell)
    return ", ".join(map(str, found)) if isinstance(found, list) else found


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that a workbook allows and no sheet has yet."""
    base = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title).strip()[:25] or "Sheet"
    name, number = base, 2
    while name.lower() in taken:
        name, number = f"{base} {number}", number + 1
    taken.add(name.lower())
    return name
