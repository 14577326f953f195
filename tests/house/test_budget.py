"""Small files, small functions, nothing left for later: without exceptions."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
#: Put together here, so that this file does not find itself.
LEFT_FOR_LATER = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "raise NotImplemented" + "Error")


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


ALL_CODE = python_files("src/manyi", "tools", "tests", "benchmarks")
PRODUCT = python_files("src/manyi", "tools")


def too_long_functions(path: Path) -> list[str]:
    functions = (
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [
        f"{name_of(path)}:{node.lineno} {node.name} has {length} lines"
        for node in functions
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    ]


def test_a_file_has_at_most_400_lines() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in ALL_CODE}
    assert {name: length for name, length in lengths.items() if length > MAX_FILE_LINES} == {}


def test_a_function_has_at_most_40_lines() -> None:
    assert [found for path in ALL_CODE for found in too_long_functions(path)] == []


@pytest.mark.parametrize("word", LEFT_FOR_LATER)
def test_nothing_is_left_for_later(word: str) -> None:
    assert [name_of(path) for path in ALL_CODE if word in path.read_text(encoding="utf-8")] == []


def test_no_module_is_called_utils() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [name_of(path) for path in PRODUCT if path.stem in vague or path.parent.name in vague] == []


def test_public_functions_and_classes_of_the_product_say_what_they_are_for() -> None:
    silent = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in PRODUCT
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_the_budget_sees_a_function_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    long_one = tmp_path / "long.py"
    long_one.write_text("def drawn_out():\n" + "    x = 1\n" * MAX_FUNCTION_LINES)
    assert too_long_functions(long_one) == ["long.py:1 drawn_out has 41 lines"]
