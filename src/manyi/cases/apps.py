"""Django's name for this room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The room ``cases``."""

    name = "manyi.cases"
    label = "cases"

    def ready(self) -> None:
        """Make known the subscribers, the recurring work, and what is kept of a person."""
        from manyi.cases import escalations, privacy, subscribers, suggesting, tasks  # noqa: F401
        from manyi.cases.mail import boxes  # noqa: F401
        from manyi.cases.posts import intake  # noqa: F401
