"""Django's name for this room."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """The room ``analytics``."""

    name = "manyi.analytics"
    label = "analytics"

    def ready(self) -> None:
        """Make the subscribers, the recurring work and the erasure of persons known."""
        from manyi.analytics import privacy, subscribers, tasks  # noqa: F401
