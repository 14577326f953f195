"""Django's name for this room."""

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """The room ``responses``."""

    name = "manyi.responses"
    label = "responses"

    def ready(self) -> None:
        """Make the long work of this room known."""
        from manyi.responses import tasks  # noqa: F401
