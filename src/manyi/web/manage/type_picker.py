"""The types of questions in groups, to choose a new question from."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.kernel.labels import Label
from manyi.surveys.question_types import TYPES, QuestionType

_GROUPS = (
    (
        Label("选择", "Choice"),
        "list-check",
        ("single", "multiple", "dropdown", "yes_no", "picture", "ranking"),
    ),
    (Label("评分", "Rating"), "star", ("rating", "nps", "effort", "slider", "sum")),
    (
        Label("矩阵与表格", "Matrix and table"),
        "menu-2",
        ("matrix", "matrix_single", "matrix_multiple", "matrix_dual", "table", "fields"),
    ),
    (Label("填写", "Entry"), "edit", ("text_short", "text_long", "number", "date", "time", "datetime")),
    (Label("联系方式", "Contact"), "phone", ("phone", "email", "id_number", "location")),
    (Label("文件", "Files"), "upload", ("photo", "file", "signature")),
    (
        Label("说明与计算", "Notes and values"),
        "file-text",
        ("information", "consent", "calculated", "hidden"),
    ),
)
_OTHERS = Label("其他", "Others")


@dataclass(frozen=True, slots=True)
class Group:
    """Types that belong together, under one name and icon."""

    label: Label
    icon: str
    types: tuple[QuestionType, ...]


def groups() -> list[Group]:
    """All types in their groups; those of other plug-ins come last."""
    known = {kind.id: kind for kind in TYPES}
    found = [
        Group(label, icon, tuple(known.pop(name) for name in names if name in known))
        for label, icon, names in _GROUPS
    ]
    return [*found, Group(_OTHERS, "dots", tuple(known.values()))] if known else found


def cell_types() -> list[QuestionType]:
    """The types that fit into a cell of a table."""
    return [kind for kind in TYPES if kind.fits_cells]
