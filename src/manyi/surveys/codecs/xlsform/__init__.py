"""XLSForm: the workbook that ODK, KoboToolbox and others read, in and out."""

from __future__ import annotations

from pathlib import Path

from manyi.kernel.labels import Label
from manyi.surveys.codecs import CODECS, Codec, Document, Loss, Source
from manyi.surveys.codecs.beside import questions_beside, report_beside, survey_beside
from manyi.surveys.codecs.xlsform.reading import Reader
from manyi.surveys.codecs.xlsform.workbook import Line, looks_like_form, read_workbook
from manyi.surveys.codecs.xlsform.writing import Cells, Writer
from manyi.surveys.tree import Questionnaire, Text

#: What may stand in our own column without changing what is asked.
_QUIET = ("role", "config", "options", "rows", "columns", "order", "type", "default", "help", "comment")
COLUMNS = {"survey": ["type", "name"], "choices": ["list_name", "name"], "settings": ["form_title"]}


@CODECS.register
class XLSForm(Codec):
    """A form as a workbook; what it cannot say stands in a column ``manyi``, which others pass over."""

    id = "xlsform"
    label = Label("XLSForm 表单(.xlsx)", "XLSForm (.xlsx)")
    extensions = ("xlsx", "xls")

    def claims(self, source: Source) -> bool:
        """A workbook with a sheet ``survey``; other workbooks are tables of data."""
        return source.suffix in self.extensions and looks_like_form(source)

    def read(self, source: Source) -> Document:
        """The form; raises Unreadable for what is no workbook or no form."""
        return document_of(read_workbook(source))

    def write(self, document: Document, path: Path) -> list[Loss]:
        """The form; reading it gives the same tree."""
        tree, losses = document.questionnaire, Document(document.questionnaire)
        found = document_of(_as_lines(Writer(tree, {}, {}).sheets())).questionnaire
        beside = questions_beside(tree, found)
        report_beside(losses, beside, _QUIET)
        _save(Writer(tree, beside, survey_beside(tree, found)).sheets(), path)
        return losses.losses


def document_of(sheets: dict[str, list[Line]]) -> Document:
    """The tree in the lines of a workbook."""
    document = Document(Questionnaire("form", Text()))
    document.questionnaire = Reader(sheets, document).questionnaire()
    return document


def _as_lines(sheets: dict[str, list[Cells]]) -> dict[str, list[Line]]:
    """What reading the written sheets would give."""
    from manyi.surveys.codecs.xlsform.workbook import lines_of

    return {name: list(lines_of(_table(name, rows))) for name, rows in sheets.items()}


def _table(name: str, rows: list[Cells]) -> list[list[str]]:
    """Rows by column as a table with a header."""
    columns = list(dict.fromkeys([*COLUMNS[name], *(column for row in rows for column in row)]))
    return [columns, *([row.get(column, "") for column in columns] for row in rows)]


def _save(sheets: dict[str, list[Cells]], path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(_table(name, rows)):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, column, cell)
            sheet.freeze_panes(1, 0)
