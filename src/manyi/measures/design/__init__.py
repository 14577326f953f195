"""Estimation that knows how the sample was drawn: strata, clusters in stages, finite populations.

``sample`` holds the design, ``estimates`` and ``quantiles`` the figures, ``comparisons`` and ``models`` what
compares and explains, ``calibration`` better weights, ``replicates`` variances by resampling. Formulas:
Särndal, Swensson and Wretman, Model Assisted Survey Sampling (1992); Lumley, Complex Surveys (2010).
"""
