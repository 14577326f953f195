"""Django's name for this room."""

from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    """The room ``improvement``."""

    name = "manyi.improvement"
    label = "improvement"

    def ready(self) -> None:
        """Make the subscribers known."""
        from manyi.cases import closing
        from manyi.improvement import subscribers  # noqa: F401
        from manyi.improvement.queries import improved

        closing.IMPROVED.append(improved)
