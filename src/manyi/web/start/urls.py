"""Addresses of ``web/start``."""

from __future__ import annotations

from django.urls import path

from manyi.web.start import views

app_name = "start"
urlpatterns = [
    path("start/", views.start, name="start"),
    path("start/packs/", views.packs, name="packs"),
    path("start/packs/upload/", views.upload, name="upload"),
    path("start/packs/<slug:code>/", views.pack_page, name="pack"),
    path("start/packs/<slug:code>/install/", views.install, name="install"),
    path("start/installed/<int:pk>/", views.installed, name="installed"),
]
