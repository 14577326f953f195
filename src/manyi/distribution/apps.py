"""Django's name for this room."""

from django.apps import AppConfig


class DistributionConfig(AppConfig):
    """The room ``distribution``."""

    name = "manyi.distribution"
    label = "distribution"

    def ready(self) -> None:
        """Make the recurring work and the settings of this room known."""
        from manyi.distribution import actions  # noqa: F401
