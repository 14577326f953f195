"""Django's name for this audience's pages."""

from django.apps import AppConfig


class StartConfig(AppConfig):
    """Pages under ``web/start``."""

    name = "manyi.web.start"
    label = "web_start"
