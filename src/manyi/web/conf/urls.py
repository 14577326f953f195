"""The map of addresses; each audience keeps its own part."""

from __future__ import annotations

from django.urls import include, path

from manyi.web.api.application import api

urlpatterns = [
    path("api/", api.urls),
    path("account/", include("allauth.account.urls")),
    path("", include("manyi.web.public.urls")),
    path("", include("manyi.web.desk.urls")),
    path("", include("manyi.web.manage.urls")),
    path("", include("manyi.web.field.urls")),
    path("", include("manyi.web.insight.urls")),
    path("", include("manyi.web.start.urls")),
    path("", include("manyi.web.settings.urls")),
]
