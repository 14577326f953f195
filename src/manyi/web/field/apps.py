"""Django's name for this audience's pages."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """Pages under ``web/field``."""

    name = "manyi.web.field"
    label = "web_field"

    def ready(self) -> None:
        """Announce the background work of these pages."""
        from manyi.web.field import paper_print  # noqa: F401
