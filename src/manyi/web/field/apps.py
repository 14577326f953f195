"""Django's name for this audience's pages."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """Pages under ``web/field``."""

    name = "manyi.web.field"
    label = "web_field"
