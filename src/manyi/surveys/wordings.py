"""Every text of a questionnaire with its place: read all, change one, find what is not translated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from manyi.surveys.tree import Question, Questionnaire, Section, Text

#: What becomes of the text at a place.
Change = Callable[[str, Text], Text]


@dataclass(frozen=True, slots=True)
class Wording:
    """One text and where it stands: ``title``, ``q1.title``, ``q1.options.a``, ``q1.columns.c.rows.r``."""

    path: str
    text: Text

    def lacks(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """The languages of the questionnaire in which it is not written, although it should be."""
        written = self.text.languages
        if not written and self.optional:
            return ()
        return tuple(code for code in languages if code not in written)

    @property
    def optional(self) -> bool:
        """Whether it may be left out altogether: introductions, helps, messages, titles of sections."""
        *before, last = self.path.split(".")
        if len(before) > 1 and before[-1] in {"options", "rows"}:
            return False
        return last in {"intro", "thanks", "help", "message", "section"} or before[:1] == ["quotas"]


def wordings(tree: Questionnaire) -> list[Wording]:
    """All texts in the order in which they are read, empty ones included."""
    found: list[Wording] = []

    def note(path: str, text: Text) -> Text:
        found.append(Wording(path, text))
        return text

    reworded(tree, note)
    return found


def with_words(tree: Questionnaire, path: str, language: str, words: str) -> Questionnaire:
    """The questionnaire with other words at one place in one language; an unknown place changes nothing."""
    return reworded(tree, lambda place, text: text.saying(language, words) if place == path else text)


def reworded(tree: Questionnaire, change: Change) -> Questionnaire:
    """The questionnaire with every text changed by its place."""
    return replace(
        tree,
        title=change("title", tree.title),
        intro=change("intro", tree.intro),
        sections=tuple(_section(section, change) for section in tree.sections),
        thanks=change("thanks", tree.thanks),
        quotas=tuple(
            replace(quota, title=change(f"quotas.{quota.code}", quota.title)) for quota in tree.quotas
        ),
        contradictions=tuple(
            replace(pair, message=change(f"contradictions[{number}].message", pair.message))
            for number, pair in enumerate(tree.contradictions, 1)
        ),
    )


def _section(section: Section, change: Change) -> Section:
    return replace(
        section,
        title=change(f"{section.code}.section", section.title),
        help=change(f"{section.code}.help", section.help),
        questions=tuple(_question(question, question.code, change) for question in section.questions),
    )


def _question(question: Question, here: str, change: Change) -> Question:
    return replace(
        question,
        title=change(f"{here}.title", question.title),
        help=change(f"{here}.help", question.help),
        options=tuple(
            replace(option, title=change(f"{here}.options.{option.code}", option.title))
            for option in question.options
        ),
        rows=tuple(replace(row, title=change(f"{here}.rows.{row.code}", row.title)) for row in question.rows),
        columns=tuple(_question(each, f"{here}.columns.{each.code}", change) for each in question.columns),
        checks=tuple(
            replace(check, message=change(f"{here}.checks[{number}].message", check.message))
            for number, check in enumerate(question.checks, 1)
        ),
    )


def untranslated(tree: Questionnaire) -> Iterator[tuple[str, str]]:
    """Each place and language of the questionnaire where words are missing."""
    for wording in wordings(tree):
        yield from ((wording.path, language) for language in wording.lacks(tree.languages))
