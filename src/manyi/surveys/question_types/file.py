"""Files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.columns import Column, value_column
from manyi.surveys.files import check_files, content_types, dialogue, files_problem, files_shown, parse_files
from manyi.surveys.parts import FileLimits, Part
from manyi.surveys.question_types import TYPES, Checked, Form, QuestionType
from manyi.surveys.tree import Question


@dataclass(frozen=True, slots=True)
class FileConfig:
    """Kinds of files that are taken (keys of ``surveys.files.KINDS``), how many, how large each."""

    kinds: tuple[str, ...] = ("image", "document")
    at_most: int = 1
    megabytes: int = 10

    def problem(self) -> tuple[str, Label] | None:
        """A configuration that no file can meet."""
        return files_problem(self.kinds, self.at_most, self.megabytes)


@TYPES.register
class Files(QuestionType):
    """Files that are handed in, judged by content; stored as a list of ``{sha256, name, type, size}``."""

    id = "file"
    label = Label("文件上传题", "Files")
    config = FileConfig
    layout = "plain"
    measures = ()
    example = """
code = "invoice"
type = "file"
title = "请上传维修发票"
title_en = "Please send us the invoice"
[config]
kinds = ["image", "document"]
megabytes = 5
"""

    def parts(self, question: Question) -> tuple[Part, ...]:
        """One field that takes files."""
        config = FileConfig(**question.config)
        limits = {"most": config.at_most, "megabytes": config.megabytes}
        return (Part("files", settings={"accept": dialogue(config.kinds), **limits}),)

    def parse(self, form: Form, name: str, question: Question) -> Any:
        """The descriptions of the files that stay; new ones are added where they arrive."""
        return parse_files(form, name)

    def check(self, question: Question, value: Any) -> Checked:
        """Stored files of the wanted kinds, not too many and not too large."""
        config = FileConfig(**question.config)
        return check_files(value, config.kinds, config.at_most, config.megabytes)

    def takes_files(self, question: Question) -> FileLimits:
        """What the configuration allows."""
        config = FileConfig(**question.config)
        return FileLimits(content_types(config.kinds), config.at_most, config.megabytes)

    def shown(self, question: Question, value: Any, language: str) -> str:
        """The names of the files, or how they will come."""
        return files_shown(question, value, language)

    def columns(self, question: Question) -> list[Column]:
        """One column that names the files."""
        return [value_column(question, "string")]
