"""What the editor's forms say: the head, a section or a question with everything in it, as typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from manyi.kernel.labels import Label
from manyi.measures.answers import is_empty
from manyi.organisation.errors import Refused
from manyi.surveys.configuration import config_problems, settings_of
from manyi.surveys.definition import Check, Option, Question, Questionnaire, Quota, Row, Text
from manyi.surveys.question_types import TYPES
from manyi.surveys.renaming import Renaming, renamed
from manyi.web.manage import editing
from manyi.web.manage.config_fields import config_from
from manyi.web.manage.option_lines import options_from, rows_from

Given = Mapping[str, str]
T = TypeVar("T")
_MANY = {"multiple", "ranking"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def change_head(tree: Questionnaire, given: Given) -> Questionnaire:
    """The titles, introduction, thanks, quotas and contradictions of the whole questionnaire."""
    return replace(
        tree,
        title=text_from(given, "title", tree.title),
        intro=text_from(given, "intro", tree.intro),
        thanks=text_from(given, "thanks", tree.thanks),
        quotas=_parts(given, "quotas", tree.quotas, _quota, Quota("", Text(), "", 0)),
        contradictions=_parts(given, "contradictions", tree.contradictions, _check, Check("")),
    )


def change_section(tree: Questionnaire, at: str, given: Given) -> Questionnaire:
    """A section's code, texts, condition and order."""
    old = tree.section(at)
    if old is None:
        return tree
    new = replace(
        old,
        code=given.get("code", at).strip() or at,
        title=text_from(given, "title", old.title),
        help=text_from(given, "help", old.help),
        visible_if=given.get("visible_if", old.visible_if).strip(),
        order=given.get("order", old.order),
    )
    return editing.with_section(tree, at, lambda each: new)


def change_question(tree: Questionnaire, at: str, given: Given) -> Questionnaire:
    """A question's or a column's texts, rules, parts and configuration."""
    old = editing.node_at(tree, at)
    if not isinstance(old, Question):
        return tree
    new = replace(
        old,
        title=text_from(given, "title", old.title),
        help=text_from(given, "help", old.help),
        required=given.get("required") == "yes",
        comment=given.get("comment") == "yes",
        role=given.get("role", old.role),
        order=given.get("order", old.order),
        visible_if=given.get("visible_if", old.visible_if).strip(),
        required_if=given.get("required_if", old.required_if).strip(),
        options=_parts(given, "options", old.options, _option, Option("", Text())),
        rows=_parts(given, "rows", old.rows, _row, Row("", Text())),
        checks=_parts(given, "checks", old.checks, _check, Check("")),
        config=config_from(given, old.type, old.config),
    )
    new = _with_lines(new, given, tree.languages)
    if "default" in given:
        new = replace(new, default=_default(new, given["default"].strip()))
    return renamed(editing.with_node(tree, at, new), _recoded(at, old, given))


def _recoded(at: str, old: Question, given: Given) -> Renaming:
    """The codes that the form changes: conditions and piped texts follow them."""
    code, _, column = at.partition(".")
    own = given.get("code", "").strip() or old.code
    if column:
        return Renaming(parts={code: {column: own}})
    parts = {
        part.code: new
        for name in ("options", "rows")
        for number, part in enumerate(getattr(old, name))
        if (new := given.get(f"{name}.{number}.code", "").strip()) not in {"", part.code}
    }
    return Renaming({code: own}, {code: parts})


def _with_lines(question: Question, given: Given, languages: Sequence[str]) -> Question:
    """The question with the options and rows that were pasted as lines."""
    if "options" in given:
        question = replace(question, options=options_from(given["options"], question.options, languages))
    if "rows" in given:
        question = replace(question, rows=rows_from(given["rows"], question.rows, languages))
    return question


def text_from(given: Given, name: str, old: Text = Text()) -> Text:  # noqa: B008 - frozen
    """A text of a form: ``title`` Chinese, ``title_en`` English, …; what the form does not ask for stays."""
    text = old.saying("zh", given[name].strip()) if name in given else old
    prefix = f"{name}_"
    for key in given:
        language = key.removeprefix(prefix)
        if key != language and _LANGUAGE.fullmatch(language):
            text = text.saying(language, given[key].strip())
    return text


def _parts(given: Given, name: str, old: Sequence[T], read: Callable[[Given, T], T], new: T) -> tuple[T, ...]:
    """The parts of a list in the form's order: ``options.3.title`` belongs to the old part 3.

    Where the form has no such list the old parts stay.
    """
    if f"{name}.given" not in given:
        return tuple(old)
    found: dict[str, dict[str, str]] = {}
    for key, value in given.items():
        head, _, rest = key.partition(".")
        number, _, field = rest.partition(".")
        if head == name and field:
            found.setdefault(number, {})[field] = value
    known = {str(number): part for number, part in enumerate(old)}
    return tuple(read(fields, known.get(number, new)) for number, fields in found.items())


def _option(given: Given, old: Option) -> Option:
    return replace(
        old,
        code=old.code or given.get("code", "").strip(),
        title=text_from(given, "title", old.title),
        exclusive="exclusive" in given,
        free="free" in given,
        visible_if=given.get("visible_if", old.visible_if).strip(),
        image=given.get("image", old.image).strip(),
    )


def _row(given: Given, old: Row) -> Row:
    condition = given.get("visible_if", old.visible_if).strip()
    code = old.code or given.get("code", "").strip()
    return replace(old, code=code, title=text_from(given, "title", old.title), visible_if=condition)


def _check(given: Given, old: Check) -> Check:
    expression = given.get("expression", old.expression).strip()
    return Check(expression, text_from(given, "message", old.message))


def _quota(given: Given, old: Quota) -> Quota:
    limit = given.get("limit", str(old.limit)).strip()
    if not limit.isdecimal():
        raise Refused(Label("配额应是整数。", "A limit is a whole number."), field="quotas")
    return Quota(
        code=given.get("code", old.code).strip(),
        title=text_from(given, "title", old.title),
        condition=given.get("condition", old.condition).strip(),
        limit=int(limit),
    )


def _default(question: Question, text: str) -> Any:
    """The value that stands in the form at first, as it is stored; raises Refused for an impossible one."""
    if not text:
        return None
    kind = TYPES.get(question.type)
    several = question.type in _MANY or bool(question.config.get("many"))
    value = [part.strip() for part in text.replace(",", ",").split(",")] if several else text
    if config_problems(kind.config, question.config):
        return value
    checked = kind.check(question, value)
    if checked.problem is not None or is_empty(checked.value):
        raise Refused(
            checked.problem or Label("不能作为默认值。", "This cannot be a default."), field="default"
        )
    return checked.value


def default_shown(question: Question) -> str:
    """The default as the form shows it."""
    value = question.default
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None or isinstance(value, dict) else str(value)


def rearranged(tree: Questionnaire, at: str, given: Given) -> Questionnaire:
    """The tree after the buttons of a list: ``add=options``, ``drop=options:2``, ``shift=rows:a:-1``."""
    if name := given.get("add", ""):
        return _added(tree, at, name)
    name, number, step = [*(given.get("drop") or given.get("shift", "")).split(":"), "", ""][:3]
    node = editing.node_at(tree, at) if at else tree
    if node is None or not hasattr(node, name) or not number.isdecimal():
        return tree
    parts = list(getattr(node, name))
    if int(number) >= len(parts):
        return tree
    part = parts.pop(int(number))
    if step:
        parts.insert(max(int(number) + (1 if step == "1" else -1), 0), part)
    return _with_parts(tree, at, name, tuple(parts))


def _added(tree: Questionnaire, at: str, name: str) -> Questionnaire:
    node = editing.node_at(tree, at) if at else tree
    parts = getattr(node, name, None)
    if parts is None:
        return tree
    taken = {getattr(part, "code", "") for part in parts}
    made: dict[str, Callable[[], Any]] = {
        "options": lambda: Option(editing.free_code("o", taken), Text()),
        "rows": lambda: Row(editing.free_code("r", taken), Text()),
        "checks": lambda: Check(f"{{{at}}} notempty"),
        "contradictions": lambda: Check(_always(tree)),
        "quotas": lambda: Quota(editing.free_code("k", taken), Text(), _always(tree), 100),
    }
    return _with_parts(tree, at, name, (*parts, made[name]())) if name in made else tree


def _always(tree: Questionnaire) -> str:
    """A condition to begin with: that the first question is answered."""
    return f"{{{next(iter(tree.questions), 'q1')}}} notempty"


def _with_parts(tree: Questionnaire, at: str, name: str, parts: tuple[Any, ...]) -> Questionnaire:
    change: dict[str, Any] = {name: parts}
    if not at:
        return replace(tree, **change)
    node = editing.node_at(tree, at)
    return editing.with_node(tree, at, replace(node, **change)) if isinstance(node, Question) else tree


def paste(tree: Questionnaire, at: str, given: Given) -> Questionnaire:
    """The question with the options and rows of pasted lines."""
    node = editing.node_at(tree, at)
    if not isinstance(node, Question):
        return tree
    return editing.with_node(tree, at, _with_lines(node, given, tree.languages))


def retyped(tree: Questionnaire, at: str, kind: str) -> Questionnaire:
    """The question as another type: parts and settings that the new type does not know fall away."""
    old, plugin = editing.node_at(tree, at), TYPES.get(kind)
    if not isinstance(old, Question) or old.type == kind:
        return tree
    fresh = editing.new_question(old.code, kind)
    known = settings_of(plugin.config)
    config = {name: value for name, value in old.config.items() if name in known}
    new = replace(
        old,
        type=kind,
        default=None,
        config={} if config_problems(plugin.config, config) else config,
        options=(old.options or fresh.options) if plugin.uses_options else (),
        rows=(old.rows or fresh.rows) if plugin.uses_rows else (),
        columns=(old.columns or fresh.columns) if plugin.uses_columns else (),
    )
    return editing.with_node(tree, at, new)


def add_language(tree: Questionnaire, language: str, words: str) -> Questionnaire:
    """The questionnaire offered in one more language: its title in it decides. Raises Refused without one."""
    language, words = language.strip(), words.strip()
    if not _LANGUAGE.fullmatch(language):
        said = Label("请填写语言代码,例如 de、ja。", "Give the code of a language, such as de or ja.")
        raise Refused(said, field="language")
    if not words:
        said = Label("请填写这种语言的标题。", "Give the title in this language.")
        raise Refused(said, field="words")
    return replace(tree, title=tree.title.saying(language, words))
