"""Addresses of ``web/manage``: surveys from the plan to the answers."""

from __future__ import annotations

from django.urls import URLPattern, path

from manyi.web.manage import (
    answer_import,
    answers,
    editor,
    outbox,
    programmes,
    questionnaires,
    rounds,
    schemes,
    waves,
)

app_name = "manage"
urlpatterns: list[URLPattern] = [
    path("surveys/", programmes.index, name="programmes"),
    path("surveys/programmes/new/", programmes.new, name="programme_new"),
    path("surveys/programmes/<int:pk>/", programmes.record, name="programme"),
    path("surveys/programmes/<int:pk>/edit/", programmes.edit, name="programme_edit"),
    path("surveys/programmes/<int:pk>/rounds/new/", programmes.new_round, name="round_new"),
    path("surveys/rounds/<int:pk>/", rounds.record, name="round"),
    path("surveys/rounds/<int:pk>/act/", rounds.act, name="round_act"),
    path("surveys/rounds/<int:pk>/size/", rounds.size, name="round_size"),
    path("surveys/rounds/<int:pk>/draw/", rounds.draw, name="draw"),
    path("surveys/rounds/<int:pk>/invite/", rounds.invite, name="invite"),
    path("surveys/rounds/<int:pk>/wave/", waves.wave, name="wave"),
    path("surveys/rounds/<int:pk>/wave/send/", waves.send, name="wave_send"),
    path("surveys/rounds/<int:pk>/wave/to-me/", waves.to_me, name="wave_to_me"),
    path("surveys/programmes/<int:pk>/texts/", waves.texts, name="texts"),
    path("surveys/rounds/<int:pk>/remind/", rounds.remind, name="remind"),
    path("surveys/rounds/<int:pk>/invitations/", rounds.invitations, name="invitations"),
    path("surveys/rounds/<int:pk>/links.csv", rounds.personal_links, name="personal_links"),
    path("surveys/rounds/<int:pk>/open-links/", rounds.open_link, name="open_link_new"),
    path("surveys/rounds/<int:pk>/responses/", answers.index, name="responses"),
    path("surveys/draws/<int:pk>/undo/", rounds.undo_draw, name="undo_draw"),
    path("surveys/open-links/<int:pk>/close/", rounds.close_link, name="close_link"),
    path("surveys/open-links/<int:pk>/qr/", rounds.qr_sheet, name="qr"),
    path("surveys/responses/<int:pk>/", answers.record, name="response"),
    path("surveys/responses/<int:pk>/judge/", answers.judge, name="judge"),
    path("surveys/outbox/", outbox.index, name="outbox"),
    path("surveys/outbox/<int:pk>/", outbox.record, name="message"),
    path("surveys/outbox/<int:pk>/requeue/", outbox.requeue, name="requeue"),
    path("surveys/questionnaires/", questionnaires.index, name="questionnaires"),
    path("surveys/questionnaires/new/", questionnaires.new, name="questionnaire_new"),
    path("surveys/questionnaires/<int:pk>/", questionnaires.record, name="questionnaire"),
    path("surveys/questionnaires/<int:pk>/version/", questionnaires.new_version, name="version_new"),
    path("surveys/questionnaires/<int:pk>/schemes/new/", schemes.new, name="scheme_new"),
    path("surveys/versions/<int:pk>/", editor.editor, name="editor"),
    path("surveys/versions/<int:pk>/change/", editor.change, name="editor_change"),
    path("surveys/versions/<int:pk>/undo/", editor.undo, name="editor_undo"),
    path("surveys/versions/<int:pk>/publish/", questionnaires.publish, name="publish"),
    path("surveys/versions/<int:pk>/export.toml", questionnaires.export, name="export_toml"),
    path("surveys/schemes/<int:pk>/", schemes.scheme, name="scheme"),
    path("surveys/schemes/<int:pk>/publish/", schemes.publish, name="scheme_publish"),
    path("surveys/import/", answer_import.new, name="answer_import_new"),
    path("surveys/imports/<int:pk>/", answer_import.record, name="answer_import"),
]
