"""Web page."""

from __future__ import annotations

from django.template.loader import render_to_string

from manyi.kernel.labels import Label
from manyi.reports.document import Document
from manyi.reports.printed import printed
from manyi.reports.renderers import RENDERERS


@RENDERERS.register
class Html:
    """The report as the paper of a page: no script, printed as it is shown."""

    id = "html"
    label = Label("网页", "Web page")
    content_type = "text/html; charset=utf-8"

    def render(self, document: Document, language: str) -> bytes:
        """A fragment of HTML; the page around it brings title and style."""
        return render_to_string("reports/paper.html", {"paper": printed(document, language)}).encode()
