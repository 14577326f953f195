"""Manyi (满意): run a customer-satisfaction regulation from plan to proven effect."""

__version__ = "0.1.0"
