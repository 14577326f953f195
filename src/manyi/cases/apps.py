"""Django's name for this room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The room ``cases``."""

    name = "manyi.cases"
    label = "cases"

    def ready(self) -> None:
        """Make the subscribers and the recurring work known."""
        from manyi.cases import subscribers, tasks  # noqa: F401
