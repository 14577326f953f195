"""PDF."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from manyi.kernel.labels import Label
from manyi.reports.document import Document
from manyi.reports.fonts import FAMILY, font_folders
from manyi.reports.printed import printed
from manyi.reports.renderers import RENDERERS

TEMPLATE = Path(__file__).with_name("report.typ")


class NotTypeset(RuntimeError):
    """The typesetter failed or warned. Of an unknown font it only warns, and drops characters."""


@RENDERERS.register
class Pdf:
    """The report typeset on A4, with our own fonts only, so that it looks the same everywhere."""

    id = "pdf"
    label = Label("PDF 文件", "PDF")
    content_type = "application/pdf"

    def render(self, document: Document, language: str) -> bytes:
        """The typeset document; raises NotTypeset on any warning."""
        return typeset(TEMPLATE, printed(document, language))


def typeset(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template over data, with our own fonts; raises NotTypeset on any warning."""
    try:
        made, warnings = typst.compile_with_warnings(
            template,
            format="pdf",
            font_paths=font_folders(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps({**data, "font": FAMILY}, ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise NotTypeset(error.diagnostic) from error
    if warnings:
        raise NotTypeset("; ".join(str(warning) for warning in warnings))
    if not isinstance(made, bytes):
        raise NotTypeset("no single file came out")
    return made
