"""Django's name for this room."""

from django.apps import AppConfig


class RegulationConfig(AppConfig):
    """The room ``regulation``."""

    name = "manyi.regulation"
    label = "regulation"
