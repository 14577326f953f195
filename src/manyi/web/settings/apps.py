"""Django's name for this audience's pages."""

from django.apps import AppConfig


class SettingsConfig(AppConfig):
    """Pages under ``web/settings``."""

    name = "manyi.web.settings"
    label = "web_settings"
