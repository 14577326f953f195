"""Options and rows in bulk: pasted lines become parts of a question, known ones keep what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from manyi.surveys.definition import Option, Row, Text
from manyi.web.manage.editing import free_code

Part = TypeVar("Part", Option, Row)
LANGUAGES = ("zh", "en")


def options_from(
    lines: str, known: Sequence[Option] = (), languages: Sequence[str] = LANGUAGES
) -> tuple[Option, ...]:
    """Options from pasted lines ``code | Chinese | English`` or one text a line.

    ``!`` before a code makes it exclusive. A text that is already an option keeps its code and all else;
    a new one without a code gets the next free one.
    """
    found = []
    for code, words in _lines(lines, known, languages, "o"):
        bare = code.removeprefix("!").strip()
        old = next((option for option in known if option.code == bare), Option(bare, Text()))
        alone = code.startswith("!") or (old.exclusive and not words.coded)
        found.append(replace(old, title=words.over(old.title), exclusive=alone))
    return tuple(found)


def rows_from(lines: str, known: Sequence[Row] = (), languages: Sequence[str] = LANGUAGES) -> tuple[Row, ...]:
    """Rows of a matrix from pasted lines, as ``options_from`` reads them."""
    found = []
    for code, words in _lines(lines, known, languages, "r"):
        old = next((row for row in known if row.code == code), Row(code, Text()))
        found.append(replace(old, title=words.over(old.title)))
    return tuple(found)


def lines_of(nodes: Sequence[Option] | Sequence[Row], languages: Sequence[str] = LANGUAGES) -> str:
    """Options or rows as the lines that a person edits."""
    return "\n".join(
        " | ".join(
            [
                f"{'!' if getattr(node, 'exclusive', False) else ''}{node.code}",
                *(node.title.within(language) for language in languages),
            ]
        )
        for node in nodes
    )


class _Words:
    """The words of one line by language; ``coded`` when the line named its code."""

    def __init__(self, given: dict[str, str], coded: bool) -> None:
        self.given, self.coded = given, coded

    def over(self, text: Text) -> Text:
        for language, words in self.given.items():
            text = text.saying(language, words)
        return text


def _lines(
    lines: str, known: Sequence[Option] | Sequence[Row], languages: Sequence[str], letter: str
) -> list[tuple[str, _Words]]:
    by_text = {words: node.code for node in known for _, words in _said(node.title) if words}
    found: list[tuple[str, _Words]] = []
    for line in filter(None, (line.strip() for line in lines.splitlines())):
        parts = [part.strip() for part in line.replace("\t", "|").split("|")]
        taken = [code.removeprefix("!").strip() for code, _ in found]
        if len(parts) > 1:
            found.append((parts[0], _Words(dict(zip(languages, parts[1:], strict=False)), coded=True)))
            continue
        code = by_text.get(parts[0], "")
        if code and code not in taken:
            found.append((code, _Words({}, coded=False)))
            continue
        free = free_code(letter, [*taken, *(node.code for node in known)])
        found.append((free, _Words({next(iter(languages), "zh"): parts[0]}, coded=False)))
    return found


def _said(text: Text) -> list[tuple[str, str]]:
    return [(language, text.within(language)) for language in text.languages]
