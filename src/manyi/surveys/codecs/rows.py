"""Records and the rows of a file: one list of values for each record, in the order of its variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from manyi.measures.answers import code_of, is_empty
from manyi.surveys.codecs.codebook import WEIGHT, Variable
from manyi.surveys.codecs.document import Record
from manyi.surveys.definition import Questionnaire
from manyi.surveys.question_types import TYPES

Row = list[Any]


def row_maker(variables: Sequence[Variable], language: str = "") -> Callable[[Record], Row]:
    """The function that makes a row of a record; with ``language``, codes are given as their labels.

    Most variables are plain: their value stands in the answers, or beside them, as the file wants it. They
    cost one look-up, because an export of a hundred thousand records has millions of them. What stands beside
    the answers comes last.
    """
    asked = [variable for variable in variables if not variable.beside]
    paths = [variable.column.path if _is_plain(variable, language) else "" for variable in asked]
    others = [(n, _getter(each, language)) for n, each in enumerate(asked) if not paths[n]]
    beside = [variable.column.path for variable in variables if variable.beside]
    weighted = WEIGHT in beside[-1:]
    beside = beside[:-1] if weighted else beside

    def make(record: Record) -> Row:
        get = record.answers.get
        row = list(map(get, paths))
        for place, read in others:
            row[place] = read(record.answers)
        if beside:
            get = record.meta.get
            row += map(get, beside)
        if weighted:
            row.append(record.weight)
        return row

    return make


def _is_plain(variable: Variable, language: str) -> bool:
    column = variable.column
    if column.option or "." in column.path or variable.kind in {"flag", "string"}:
        return False
    return not variable.values or not (
        language or any(each.code != str(each.file) for each in variable.values)
    )


def _getter(variable: Variable, language: str) -> Callable[[Mapping[str, Any]], Any]:
    column, known = variable.column, _spoken(variable, language)
    if variable.kind == "flag":
        return lambda answers: None if (found := column.read(answers)) is None else int(found)
    if variable.values:
        return lambda answers: _coded(column.read(answers), known)
    return lambda answers: _plain(column.read(answers))


def _spoken(variable: Variable, language: str) -> dict[str, Any]:
    """What to write for each code: the file's value, or its label."""
    return {
        each.code: each.title.text(language) or each.code if language else each.file
        for each in variable.values
    }


def _coded(value: Any, known: Mapping[str, Any]) -> Any:
    return None if value is None else known.get(code_of(value), value)


def _plain(value: Any) -> Any:
    """Lists of files by their names, anything else that is no single value as text."""
    if isinstance(value, list):
        return "; ".join(str(each.get("name", "")) if isinstance(each, dict) else str(each) for each in value)
    return str(value) if isinstance(value, dict) else value


def record_maker(tree: Questionnaire, variables: Sequence[Variable]) -> Callable[[Sequence[Any]], Record]:
    """The function that makes a record of a row; answers that our types understand get their stored form."""
    readers = [(variable, _codes(variable)) for variable in variables]

    def make(row: Sequence[Any]) -> Record:
        answers: dict[str, Any] = {}
        meta: dict[str, Any] = {}
        weight = None
        for (variable, codes), raw in zip(readers, row, strict=False):
            if raw is None or raw == "":
                continue
            value = codes.get(_key(raw), raw) if codes else raw
            if not variable.beside:
                _take(answers, variable, value)
            elif variable.column.path == WEIGHT:
                weight = _number(raw)
            else:
                meta[variable.column.path] = value
        return Record(_settled(tree, answers), meta, weight)

    return make


def _codes(variable: Variable) -> dict[Any, str]:
    """Our code of every way in which a file may say a value."""
    found: dict[Any, str] = {}
    for each in variable.values:
        titles = (words for _, words in (("zh", each.title.zh), ("en", each.title.en), *each.title.more))
        for key in (each.file, each.code, *titles):
            found.setdefault(_key(key), each.code)
    return found


def _key(value: Any) -> Any:
    """A value as a key: 1, 1.0 and "1" are the same."""
    return code_of(value) if isinstance(value, int | float | str) else value


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _take(answers: dict[str, Any], variable: Variable, value: Any) -> None:
    """Put the value of one variable where it belongs in the answers."""
    column = variable.column
    if variable.kind == "flag":
        chosen = _inside(answers, column.path, list)
        if _key(value) in {"1", True}:
            chosen.append(column.option)
    elif column.option:
        places = _inside(answers, column.path, dict)
        places[column.option] = int(_number(value) or 0)
    else:
        _set(answers, column.path, value)


def _inside(answers: dict[str, Any], path: str, kind: type[Any]) -> Any:
    holder, last = _holder(answers, path)
    found = holder.setdefault(last, kind())
    return found if isinstance(found, kind) else kind()


def _set(answers: dict[str, Any], path: str, value: Any) -> None:
    holder, last = _holder(answers, path)
    holder[last] = value


def _holder(answers: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *steps, last = path.split(".")
    holder = answers
    for step in steps:
        inner = holder.setdefault(step, {})
        if not isinstance(inner, dict):
            inner = holder[step] = {}
        holder = inner
    return holder, last


def _settled(tree: Questionnaire, answers: dict[str, Any]) -> dict[str, Any]:
    """Every answer in the form in which its type stores it; what the type refuses stays as it came."""
    found = {}
    for code, value in answers.items():
        if is_empty(value):
            continue
        question = tree.questions.get(code)
        checked = TYPES.get(question.type).check(question, value) if question else None
        right = checked is not None and checked.problem is None and checked.value is not None
        found[code] = checked.value if checked is not None and right else value
    return found


def in_parts(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    """The records in lists of at most ``size``."""
    walk = iter(records)
    while part := list(islice(walk, size)):
        yield part
