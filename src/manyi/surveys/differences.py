"""The difference between two versions of a questionnaire, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from manyi.kernel.labels import Label
from manyi.measures.expressions import ExpressionError, to_sentence
from manyi.surveys.conditions import parsed
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Option, Question, Questionnaire, Row, Section, Text

#: What became of old codes: the codes that stand for them now, none for what was dropped.
Successors = Mapping[str, Sequence[str]]
Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: at which code of the new version (of the old one for what is gone), and what it is."""

    kind: Kind
    at: str
    words: Label


def differences(old: Questionnaire, new: Questionnaire, mapping: Successors) -> list[Difference]:
    """Everything that a respondent or a figure would notice, in the order of the new version."""
    successors = {
        code: list(mapping.get(code, [code] if code in new.questions else [])) for code in old.questions
    }
    found = [*_head(old, new), *_sections(old, new)]
    known = {code for codes in successors.values() for code in codes}
    for code, question in new.questions.items():
        if code not in known:
            found.append(
                _line("added", code, f"新增题目 {_said(question)}", f"New question {_said(question, 'en')}")
            )
    for code, codes in successors.items():
        found += _became(old, new, code, codes)
    order = list(new.questions)
    place = {code: number for number, code in enumerate(order)}
    return sorted(
        found, key=lambda each: place.get(each.at, -1 if each.at in {"", *_codes(new)} else len(order))
    )


def _codes(tree: Questionnaire) -> set[str]:
    return {section.code for section in tree.sections}


def _became(old: Questionnaire, new: Questionnaire, code: str, codes: list[str]) -> Iterator[Difference]:
    question = old.questions[code]
    if not codes:
        yield _line(
            "removed", code, f"删除题目 {_said(question)}", f"Question {_said(question, 'en')} was removed"
        )
    elif len(codes) > 1:
        names = "、".join(codes), ", ".join(codes)
        yield _line(
            "changed", codes[0], f"题目 {code} 拆分为 {names[0]}", f"{code} was split into {names[1]}"
        )
    elif codes[0] in new.questions:
        if codes[0] != code:
            yield _line(
                "changed", codes[0], f"题目 {code} 改名为 {codes[0]}", f"{code} is now called {codes[0]}"
            )
        yield from _question(old, new, question, new.questions[codes[0]])


def _head(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    for name, zh, en in (
        ("title", "标题", "title"),
        ("intro", "开头语", "introduction"),
        ("thanks", "结束语", "thanks"),
    ):
        yield from _text("", zh, en, getattr(old, name), getattr(new, name))
    added = [language for language in new.languages if language not in old.languages]
    if added:
        yield _line("added", "", f"新增语言:{'、'.join(added)}", f"New language: {', '.join(added)}")


def _sections(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    for section in new.sections:
        before = old.section(section.code)
        if before is None:
            yield _line(
                "added",
                section.code,
                f"新增部分“{section.title.text('zh')}”",
                f"New part “{section.title.text('en')}”",
            )
        else:
            yield from _text(section.code, "部分标题", "title of the part", before.title, section.title)
            yield from _logic(
                section.code,
                "部分的显示条件",
                "condition of the part",
                (old, before.visible_if),
                (new, section.visible_if),
            )
    for section in old.sections:
        if new.section(section.code) is None:
            yield _gone(section)


def _gone(section: Section) -> Difference:
    zh, en = section.title.text("zh"), section.title.text("en")
    return _line("removed", section.code, f"删除部分“{zh}”", f"Part “{en}” was removed")


def _question(old: Questionnaire, new: Questionnaire, was: Question, now: Question) -> Iterator[Difference]:
    code = now.code
    yield from _text(code, f"{code} 的题目", f"wording of {code}", was.title, now.title)
    yield from _text(code, f"{code} 的说明", f"help of {code}", was.help, now.help)
    if was.type != now.type:
        kinds = TYPES.get(was.type).label, TYPES.get(now.type).label
        yield _line(
            "changed",
            code,
            f"{code} 的题型由{kinds[0].zh}改为{kinds[1].zh}",
            f"{code} is now {kinds[1].en}, no longer {kinds[0].en}",
        )
    if was.required != now.required:
        yield _line(
            "changed",
            code,
            f"{code} 改为{'必答' if now.required else '选答'}",
            f"{code} is now {'required' if now.required else 'optional'}",
        )
    yield from _parts(code, "选项", "option", was.options, now.options)
    yield from _parts(code, "行", "row", was.rows, now.rows)
    yield from _logic(
        code, f"{code} 的显示条件", f"condition of {code}", (old, was.visible_if), (new, now.visible_if)
    )
    yield from _logic(
        code,
        f"{code} 的必答条件",
        f"condition to require {code}",
        (old, was.required_if),
        (new, now.required_if),
    )
    if was.config != now.config or was.order != now.order or was.checks != now.checks:
        yield _line("changed", code, f"{code} 的设置有变化", f"The settings of {code} changed")
    homes = old.section_of[was.code].code, new.section_of[code].code
    if homes[0] != homes[1]:
        yield _line("changed", code, f"{code} 移到另一部分", f"{code} moved to another part")


def _parts(
    code: str, zh: str, en: str, was: Sequence[Option] | Sequence[Row], now: Sequence[Option] | Sequence[Row]
) -> Iterator[Difference]:
    before, after = {part.code: part for part in was}, {part.code: part for part in now}
    for name, part in after.items():
        if name not in before:
            yield _line(
                "added",
                code,
                f"{code} 新增{zh}“{part.title.text('zh')}”",
                f"{code}: new {en} “{part.title.text('en')}”",
            )
        else:
            yield from _text(
                code, f"{code} 的{zh} {name}", f"{en} {name} of {code}", before[name].title, part.title
            )
    for name, part in before.items():
        if name not in after:
            yield _line(
                "removed",
                code,
                f"{code} 删除{zh}“{part.title.text('zh')}”",
                f"{code}: {en} “{part.title.text('en')}” was removed",
            )


def _text(at: str, zh: str, en: str, was: Text, now: Text) -> Iterator[Difference]:
    """A changed wording, quoted in the language in which it changed."""
    for language in dict.fromkeys([*was.languages, *now.languages]):
        before, after = was.within(language), now.within(language)
        if before != after:
            yield _line(
                "changed", at, f"{zh}由“{before}”改为“{after}”", f"The {en} was “{before}”, now “{after}”"
            )


def _logic(
    at: str, zh: str, en: str, was: tuple[Questionnaire, str], now: tuple[Questionnaire, str]
) -> Iterator[Difference]:
    if was[1] != now[1]:
        old, new = _sentence(*was), _sentence(*now)
        yield _line(
            "changed", at, f"{zh}由“{old.zh}”改为“{new.zh}”", f"The {en} was “{old.en}”, now “{new.en}”"
        )


def _sentence(tree: Questionnaire, expression: str) -> Label:
    """An expression in words; as it stands when it cannot be read."""
    if not expression:
        return Label("总是", "always")
    try:
        node = parsed(expression)
    except ExpressionError:
        return Label(expression, expression)
    return Label(to_sentence(node, tree.titles("zh"), "zh"), to_sentence(node, tree.titles("en"), "en"))


def _said(question: Question, language: str = "zh") -> str:
    space = " " if language == "en" else ""
    return f"{question.code}{space}“{question.title.text(language)}”"


def _line(kind: Kind, at: str, zh: str, en: str) -> Difference:
    return Difference(kind, at, Label(f"{zh}。", f"{en}."))
