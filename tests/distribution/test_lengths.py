"""How an SMS is billed, by the published sizes of its segments."""

from __future__ import annotations

import pytest

from manyi.distribution.lengths import one_line, segments


@pytest.mark.parametrize(
    ("text", "counting", "count"),
    [
        ("", "china", 1),
        ("满" * 70, "china", 1),
        ("满" * 71, "china", 2),
        ("满" * 134, "china", 2),
        ("满" * 135, "china", 3),
        ("a" * 71, "china", 2),
        ("a" * 160, "gsm", 1),
        ("a" * 161, "gsm", 2),
        ("a" * 306, "gsm", 2),
        ("a" * 307, "gsm", 3),
        ("€" * 80, "gsm", 1),
        ("a" + "€" * 80, "gsm", 2),
        ("a" * 152 + "€" + "a" * 152, "gsm", 3),  # the euro sign takes two places and is not cut in two
        ("满" + "a" * 69, "gsm", 1),
        ("满" + "a" * 70, "gsm", 2),
        ("😀" * 35, "china", 1),
        ("😀" * 36, "china", 2),
    ],
)
def test_segments(text: str, counting: str, count: int) -> None:
    assert segments(text, counting) == count


def test_a_short_text_stands_on_one_line() -> None:
    assert one_line("您好,\n\n请评价\t本次服务。\x00 ") == "您好, 请评价 本次服务。"
