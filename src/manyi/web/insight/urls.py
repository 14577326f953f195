"""Addresses of ``web/insight``."""

from __future__ import annotations

from django.urls import path, re_path

from manyi.web.insight import insight_views

app_name = "insight"
urlpatterns = [
    path("insight/", insight_views.insight, name="insight"),
    path("insight/rounds/<int:pk>/", insight_views.round_page, name="round"),
    path("insight/rounds/<int:pk>/crosstab/", insight_views.crosstab, name="crosstab"),
    re_path(
        r"^insight/rounds/(?P<pk>\d+)/export\.(?P<form>xlsx|csv)$", insight_views.round_export, name="export"
    ),
    re_path(
        r"^insight/rounds/(?P<pk>\d+)/crosstab/export\.(?P<form>xlsx|csv)$",
        insight_views.crosstab_export,
        name="crosstab_export",
    ),
]
