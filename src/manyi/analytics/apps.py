"""Django's name for this room."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """The room ``analytics``."""

    name = "manyi.analytics"
    label = "analytics"
