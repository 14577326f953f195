"""Signature."""

from __future__ import annotations

from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.configuration import NoConfig
from manyi.surveys.files import check_files, content_types, parse_files
from manyi.surveys.parts import FileLimits, Part
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType, one
from manyi.surveys.texts import check_text
from manyi.surveys.tree import Question

_LONGEST, _MEGABYTES = 100, 1


@TYPES.register
class Signature(QuestionType):
    """A signature: drawn with script and stored like a file, or the typed name where nothing was drawn."""

    id = "signature"
    label = Label("签名题", "Signature")
    config = NoConfig
    layout = "plain"
    measures = ()
    example = """
code = "sign"
type = "signature"
title = "请签名确认"
title_en = "Please sign"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """The name; where there is script, the drawing stands above it."""
        return (Part("signature", settings={"most": _LONGEST}),)

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The drawing that stays (``name.file``), or the typed name."""
        return parse_files(form, f"{name}.file") or one(form, name)

    def check(self, question: Question, value: Any) -> Checked:
        """One stored picture, or a name."""
        if isinstance(value, list | tuple | dict):
            return check_files(value, ("image",), 1, _MEGABYTES)
        return check_text(value, _LONGEST)

    def takes_files(self, question: Question) -> FileLimits:
        """One drawing."""
        return FileLimits(content_types(("image",)), 1, _MEGABYTES)

    def columns(self, question: Question) -> list[Column]:
        """One column with the name or the name of the file."""
        return [value_column(question, "string")]
