"""Analyse: the columnar snapshot and the statements on it."""
