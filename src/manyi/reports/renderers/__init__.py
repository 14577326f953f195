"""Forms that a report takes: web page, PDF, Word."""

from __future__ import annotations

from typing import Protocol

from manyi.kernel.labels import Label
from manyi.kernel.registry import Registry
from manyi.reports.document import Document


class Renderer(Protocol):
    """One form of a report."""

    id: str
    label: Label
    content_type: str

    def render(self, document: Document, language: str) -> bytes:
        """The whole document in one language."""


RENDERERS: Registry[Renderer] = Registry("report_renderer", "manyi.reports.renderers")
