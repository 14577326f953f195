"""Django's name for this room."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The room ``reports``."""

    name = "manyi.reports"
    label = "reports"
