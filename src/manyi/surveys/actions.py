"""The door to everything that writes in this room."""

from manyi.surveys.draw_actions import draw_sample, redraw_check, undo_draw
from manyi.surveys.questionnaire_actions import (
    create_questionnaire,
    new_version,
    publish_questionnaire,
    redo_draft,
    save_draft,
    undo_draft,
)
from manyi.surveys.round_actions import (
    ROUND_CLOSED,
    ROUND_OPENED,
    advance_round,
    create_programme,
    create_round,
    update_programme,
)
from manyi.surveys.scheme_actions import create_scheme, publish_scheme, save_scheme_draft

__all__ = [
    "ROUND_CLOSED",
    "ROUND_OPENED",
    "advance_round",
    "create_programme",
    "create_questionnaire",
    "create_round",
    "create_scheme",
    "draw_sample",
    "new_version",
    "publish_questionnaire",
    "publish_scheme",
    "redo_draft",
    "redraw_check",
    "save_draft",
    "save_scheme_draft",
    "undo_draft",
    "undo_draw",
    "update_programme",
]
