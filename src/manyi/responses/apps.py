"""Django's name for this room."""

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """The room ``responses``."""

    name = "manyi.responses"
    label = "responses"

    def ready(self) -> None:
        """Make known the long work of this room and what it keeps of a person."""
        from manyi.responses import privacy, tasks  # noqa: F401
