"""Letters of columns: the rule of SPSS Custom Tables, and its edges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from manyi.measures.letters import letter_of, mean_letters, share_letters


def test_letters_go_on_after_z() -> None:
    assert [letter_of(at) for at in (0, 25, 26, 27, 51, 52, 702)] == ["A", "Z", "AA", "AB", "AZ", "BA", "AAA"]


def test_bonferroni_takes_letters_away() -> None:
    shares, bases = [0.30, 0.38, 0.52], [200.0, 200.0, 200.0]
    plain = share_letters(shares, bases, adjust="none")
    strict = share_letters(shares, bases)
    assert plain.letters == ("", "", "AB")
    assert strict.letters == ("", "", "AB")
    near = share_letters([0.30, 0.395, 0.40], bases, adjust="none")
    assert near.letters == ("", "A", "A")
    assert share_letters([0.30, 0.395, 0.40], bases).letters == ("", "", "")
    assert strict.tests[0].p_adjusted == pytest.approx(min(3 * strict.tests[0].p, 1))


def test_shares_of_nought_and_one_are_not_compared() -> None:
    found = share_letters([0.0, 0.5, 1.0, 0.9], [50, 50, 50, 50])
    assert [(test.first, test.second) for test in found.tests] == [(1, 3)]
    assert found.letters == ("", "", "", "B")
    assert share_letters([0.5, 0.6], [0, 50]).tests == ()


def test_means_are_compared_by_student_with_the_variance_of_the_pair() -> None:
    dice = np.random.default_rng(1)
    groups = [dice.normal(level, 10, size) for level, size in ((70, 40), (76, 60), (71, 30))]
    means, spreads = [g.mean() for g in groups], [g.var(ddof=1) for g in groups]
    found = mean_letters(means, spreads, [len(g) for g in groups], adjust="none")
    for test in found.tests:
        expected = stats.ttest_ind(groups[test.first], groups[test.second])
        assert (test.statistic, test.p) == pytest.approx((expected.statistic, expected.pvalue))
    over_all = mean_letters(means, spreads, [len(g) for g in groups], pooled="all")
    assert over_all.tests[0].p != pytest.approx(found.tests[0].p, rel=1e-6)


def test_columns_without_spread_or_answers_have_no_letter() -> None:
    assert mean_letters([4, 5], [0, 0], [10, 10]).tests == ()
    assert mean_letters([4, 5, 9], [1, 1, 0], [10, 10, 1]).letters == ("", "", "")
    with pytest.raises(ValueError, match="base"):
        share_letters([0.5], [10, 20])


def test_letters_of_many_columns_stand_apart() -> None:
    shares = [0.9, *[0.5] * 27]
    found = share_letters(shares, [1000.0] * 28)
    assert found.letters[0].split() == [letter_of(place) for place in range(1, 28)]
    assert found.letters[1] == ""
