"""Django's name for the thin top."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base templates, static files, middleware."""

    name = "manyi.web"
    label = "web"
