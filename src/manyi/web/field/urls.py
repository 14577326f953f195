"""Addresses of ``web/field``: whom to call, the interview, its supervision, face to face, and paper."""

from __future__ import annotations

from django.urls import URLPattern, path

from manyi.web.field import desk, face, interview, paper, paper_runs, paper_scans, supervision

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
    path("field/rounds/<int:pk>/plan/", supervision.plan, name="plan"),
    path("field/rounds/<int:pk>/follow-up/", supervision.follow_up, name="follow_up"),
    path("field/tasks/<int:pk>/", supervision.change, name="task"),
    path("field/programmes/<int:pk>/script/", supervision.script, name="script"),
    path("field/rounds/<int:pk>/paper/", paper_runs.runs, name="paper_runs"),
    path("field/rounds/<int:pk>/paper/specimen.pdf", paper_runs.specimen, name="paper_specimen"),
    path("field/paper/", paper.index, name="paper"),
    path("field/paper/runs/<int:pk>/", paper_runs.record, name="paper_run"),
    path("field/paper/runs/<int:pk>/form.pdf", paper_runs.form, name="paper_form"),
    path("field/paper/runs/<int:pk>/print/", paper_runs.print_again, name="paper_print"),
    path("field/paper/runs/<int:pk>/scans/", paper_scans.scans, name="paper_scans"),
    path("field/paper/runs/<int:pk>/scans/<str:sha256>/", paper_scans.batch, name="paper_batch"),
    path("field/paper/runs/<int:pk>/scans/<str:sha256>/place/", paper_scans.place, name="paper_place"),
    path("field/paper/<str:serial>/", paper.entry, name="paper_copy"),
    path("field/paper/<str:serial>/undo/", paper.undo, name="paper_undo"),
    path("field/paper/<str:serial>/decide/", paper_runs.decide, name="paper_decide"),
    path("field/paper/<str:serial>/scans/<str:sha256>/", paper.scan, name="paper_scan"),
    path("field/paper/<str:serial>/scans/<str:sha256>/off/", paper_scans.take_off, name="paper_take_off"),
    path("field/f2f/worker.js", face.worker, name="worker"),
    path("field/f2f/unlock/", face.unlock, name="unlock"),
    path("field/f2f/<int:pk>/", face.sheets, name="f2f"),
    path("field/f2f/<int:pk>/sheets/", face.hand_in, name="sheet"),
]
