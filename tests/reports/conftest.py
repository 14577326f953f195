"""The house of these tests: a small group with an after-sales survey."""

from tests.after_sales import east, group, open_round, person_at, programme, west

__all__ = ["east", "group", "open_round", "person_at", "programme", "west"]
