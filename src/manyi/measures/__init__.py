"""The room ``measures``: the pure mathematics of satisfaction.

Figures and intervals, working time, the expression language, scoring schemes, indicators, samples, effect
tests, tables and trends, relations, drivers, factors and structural models. No Django, no input or output, no
clock: times, seeds and counts are arguments, results are frozen dataclasses. Statistics are finished from
mergeable sums, so that one round on a laptop and many partial results of a cluster go through the same
functions.
"""
