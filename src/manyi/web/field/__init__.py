"""Fieldwork: the telephone desk, its supervision, and interviews face to face."""
