"""Progress where nobody watches a bar: one line for each part of the work."""

from __future__ import annotations

import pytest

from manyi.kernel.labels import Label
from manyi.web.terminal import TerminalProgress

READING = Label("读取", "Reading")
WRITING = Label("写入", "Writing")


def test_a_log_gets_a_line_for_each_part_and_one_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    progress = TerminalProgress(READING)
    for done in range(0, 100, 10):
        progress.set(done, 100)
    progress.set(0, 2, WRITING)
    progress.set(1, 2, WRITING)
    progress.set(2, 2, WRITING)
    assert capsys.readouterr().err.splitlines() == ["· 写入 Writing", "✓ 写入 Writing"]


def test_a_terminal_gets_one_line_that_fills(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    progress = TerminalProgress(READING)
    progress.set(1, 2)
    progress.set(2, 2)
    first, last = capsys.readouterr().err.removeprefix("\r\033[K").split("\r\033[K")
    assert first == "█" * 12 + "·" * 12 + " 1/2 读取 Reading"
    assert last == "█" * 24 + " 2/2 读取 Reading\n"
