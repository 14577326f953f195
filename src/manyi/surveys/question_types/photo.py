"""Photographs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.files import check_files, content_types, dialogue, files_problem, files_shown, parse_files
from manyi.surveys.parts import FileLimits, Part
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType
from manyi.surveys.tree import Question

_KINDS = ("image",)


@dataclass(frozen=True, slots=True)
class PhotoConfig:
    """How many pictures are taken, and how large each may be."""

    at_most: int = 3
    megabytes: int = 10

    def problem(self) -> tuple[str, Label] | None:
        """A configuration that no picture can meet."""
        return files_problem(_KINDS, self.at_most, self.megabytes)


@TYPES.register
class Photo(QuestionType):
    """Pictures from the camera or the album; stored as a list of ``{sha256, name, type, size}``."""

    id = "photo"
    label = Label("拍照题", "Photographs")
    config = PhotoConfig
    layout = "plain"
    measures = ()
    example = """
code = "damage"
type = "photo"
title = "请拍下问题所在"
title_en = "Please take a picture of what is wrong"
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One field that takes pictures."""
        config = PhotoConfig(**question.config)
        limits = {"most": config.at_most, "megabytes": config.megabytes}
        return (Part("files", look="photo", settings={"accept": dialogue(_KINDS), **limits}),)

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The descriptions of the pictures that stay; new ones are added where they arrive."""
        return parse_files(form, name)

    def check(self, question: Question, value: Any) -> Checked:
        """Stored pictures, not too many and not too large."""
        config = PhotoConfig(**question.config)
        return check_files(value, _KINDS, config.at_most, config.megabytes)

    def takes_files(self, question: Question) -> FileLimits:
        """What the configuration allows."""
        config = PhotoConfig(**question.config)
        return FileLimits(content_types(_KINDS), config.at_most, config.megabytes)

    def shown(self, question: Question, value: Any, language: str) -> str:
        """The names of the files, or how they will come."""
        return files_shown(question, value, language)

    def columns(self, question: Question) -> list[Column]:
        """One column that names the pictures."""
        return [value_column(question, "string")]
