"""Addresses of ``web/field``: whom to call, the interview, its supervision, and face to face."""

from __future__ import annotations

from django.urls import URLPattern, path

from manyi.web.field import desk, face, interview, supervision

app_name = "field"
urlpatterns: list[URLPattern] = [
    path("field/", desk.index, name="desk"),
    path("field/next/", desk.take_next, name="next"),
    path("field/calls/<int:pk>/", desk.record, name="call"),
    path("field/calls/<int:pk>/number/", desk.number, name="number"),
    path("field/calls/<int:pk>/end/", desk.end, name="end"),
    path("field/calls/<int:pk>/undo/", desk.undo, name="undo"),
    path("field/calls/<int:pk>/begin/", interview.begin, name="begin"),
    path("field/calls/<int:pk>/ask/<str:question>/", interview.ask, name="ask"),
    path("field/calls/<int:pk>/check/", supervision.check, name="check"),
    path("field/rounds/<int:pk>/", supervision.board, name="round"),
    path("field/rounds/<int:pk>/follow-up/", supervision.follow_up, name="follow_up"),
    path("field/tasks/<int:pk>/", supervision.change, name="task"),
    path("field/programmes/<int:pk>/script/", supervision.script, name="script"),
    path("field/f2f/worker.js", face.worker, name="worker"),
    path("field/f2f/<int:pk>/", face.sheets, name="f2f"),
    path("field/f2f/<int:pk>/sheets/", face.hand_in, name="sheet"),
]
