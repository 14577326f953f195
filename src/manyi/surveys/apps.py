"""Django's name for this room."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The room ``surveys``."""

    name = "manyi.surveys"
    label = "surveys"
