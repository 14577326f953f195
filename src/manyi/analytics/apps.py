"""Django's name for this room."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """The room ``analytics``."""

    name = "manyi.analytics"
    label = "analytics"

    def ready(self) -> None:
        """Make the subscribers and the recurring work known."""
        from manyi.analytics import subscribers, tasks  # noqa: F401
