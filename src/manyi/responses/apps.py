"""Django's name for this room."""

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """The room ``responses``."""

    name = "manyi.responses"
    label = "responses"
