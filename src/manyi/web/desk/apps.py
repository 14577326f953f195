"""Django's name for this audience's pages."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Pages under ``web/desk``."""

    name = "manyi.web.desk"
    label = "web_desk"
