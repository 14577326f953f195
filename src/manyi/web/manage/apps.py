"""Django's name for this audience's pages."""

from django.apps import AppConfig


class ManageConfig(AppConfig):
    """Pages under ``web/manage``."""

    name = "manyi.web.manage"
    label = "web_manage"
