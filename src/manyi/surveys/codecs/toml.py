"""The readable file form: a questionnaire or a scheme as TOML, the same tree in and out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys.codecs import CODECS, Codec
from manyi.surveys.codecs.document import Document, Loss, Source
from manyi.surveys.definition import Questionnaire, from_dict, to_dict


@CODECS.register
class Toml(Codec):
    """Our own readable file; it holds everything."""

    id = "toml"
    label = Label("满意问卷(TOML)", "Manyi questionnaire (TOML)")
    extensions = ("toml",)

    def read(self, source: Source) -> Document:
        """The questionnaire; raises Unreadable, Refused or Invalid with the place."""
        return Document(questionnaire_from_toml(source.text()))

    def write(self, document: Document, path: Path) -> list[Loss]:
        """The questionnaire; nothing is lost."""
        path.write_text(questionnaire_to_toml(document.questionnaire), encoding="utf-8")
        return []


def read(text: str) -> dict[str, Any]:
    """The tables of a TOML text; raises Refused with the line that cannot be read."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(
            Label(f"TOML 文件格式有误:{error}。请检查这一行。", f"This is not valid TOML: {error}."),
            field="file",
        ) from error


def write(tables: Mapping[str, Any]) -> str:
    """Plain tables as TOML."""
    return tomli_w.dumps(tables)


def questionnaire_from_toml(text: str) -> Questionnaire:
    """The questionnaire in a TOML text; raises Refused or Invalid with the places."""
    return from_dict(read(text))


def questionnaire_to_toml(questionnaire: Questionnaire) -> str:
    """The questionnaire as TOML; ``questionnaire_from_toml`` gives the same tree back."""
    return write(to_dict(questionnaire))
