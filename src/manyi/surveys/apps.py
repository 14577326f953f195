"""Django's name for this room."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The room ``surveys``."""

    name = "manyi.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Make the recurring work known."""
        from manyi.surveys import tasks  # noqa: F401
