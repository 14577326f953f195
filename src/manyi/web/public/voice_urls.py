"""Addresses of the complainant: the form, and where a matter stands."""

from __future__ import annotations

from django.urls import path

from manyi.web.public import box, track, voice

urlpatterns = [
    path("box/<str:token>/", box.box, name="box"),
    path("voice/", voice.voice, name="voice"),
    path("voice/thanks/", voice.thanks, name="voice_thanks"),
    path("track/", track.track, name="track"),
    path("track/case/", track.tracked, name="tracked"),
    path("track/leave/", track.leave, name="track_leave"),
]
