"""The few distribution functions that intervals and tests need.

scipy is loaded at the first use: three processes start without waiting half a second for it.
"""

from __future__ import annotations

import math


def z_for(confidence: float) -> float:
    """The two-sided normal quantile of a confidence level between 0 and 1 (1.96 for 0.95)."""
    from scipy import special

    _check(confidence)
    return float(special.ndtri((1 + confidence) / 2))


def t_for(confidence: float, df: float) -> float:
    """The two-sided quantile of Student's t with ``df`` > 0 degrees of freedom."""
    from scipy import special

    _check(confidence)
    return float(special.stdtrit(df, (1 + confidence) / 2))


def p_of_z(z: float) -> float:
    """The two-sided p of a standard normal statistic."""
    return math.erfc(abs(z) / math.sqrt(2))


def p_of_t(t: float, df: float) -> float:
    """The two-sided p of a t statistic with ``df`` degrees of freedom."""
    from scipy import special

    return 2 * float(special.stdtr(df, -abs(t)))


def p_of_chi2(chi2: float, df: float) -> float:
    """The upper p of a chi-squared statistic with ``df`` degrees of freedom."""
    from scipy import special

    return float(special.chdtrc(df, chi2))


def p_of_f(f: float, df1: float, df2: float) -> float:
    """The upper p of an F statistic with ``df1`` and ``df2`` degrees of freedom."""
    from scipy import special

    return float(special.fdtrc(df1, df2, f))


def _check(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence level lies between 0 and 1, not {confidence}")
