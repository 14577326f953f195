"""Django's name for this room."""

from django.apps import AppConfig


class DistributionConfig(AppConfig):
    """The room ``distribution``."""

    name = "manyi.distribution"
    label = "distribution"
