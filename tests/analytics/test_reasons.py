"""Every reason and every caution that the code can give has its words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import manyi
from manyi.analytics.reasons import warning_of
from manyi.measures.control import RULES
from manyi.measures.errors import REASONS, NotComputable

SOURCE = Path(manyi.__file__).parent


def test_every_reason_has_words() -> None:
    pattern = re.compile(r'NotComputable\(\s*"(\w+)"')
    used = {code for path in SOURCE.rglob("*.py") for code in pattern.findall(path.read_text("utf-8"))}
    assert used
    assert used <= set(REASONS)
    for code in REASONS:
        label = NotComputable(code, column="价格", n=1, least=3).label
        assert "{" not in label.zh + label.en


def test_every_caution_of_relations_has_words() -> None:
    codes = """exact_fit few_items few_periods few_rows few_rows_per_driver heywood high_vif low_ave low_kmo
    low_loading mixed negative_alpha negative_pratt negative_weight overdispersed questionable rare_answer
    reversed_items rotation_not_converged small_expected small_n too_few_verdict two_dimensions weak_model"""
    for code in codes.split():
        assert warning_of(code).zh != code
        assert warning_of(code).en != code


def test_every_rule_of_a_chart_has_words() -> None:
    from manyi.analytics.analyses.control_chart import RULES as WORDS

    assert {name for rules in RULES.values() for name, _, _ in rules} == set(WORDS)
