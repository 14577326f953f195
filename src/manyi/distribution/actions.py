"""The door to everything that writes in this room."""

from manyi.distribution.call_actions import Outcome, finish_call, keep_call, next_call, show_number, undo_call
from manyi.distribution.call_script import save_script
from manyi.distribution.call_supervision import (
    assign_task,
    close_task,
    follow_up_by_phone,
    note_check,
    reopen_task,
    save_call_plan,
    undo_change,
)
from manyi.distribution.invitation_actions import Invited, create_invitations, export_links, remind
from manyi.distribution.messages import deliver_queued, queue_again, queue_message, requeue
from manyi.distribution.open_link_actions import (
    close_open_link,
    create_open_link,
    create_open_links,
    field_link,
    post_to_group,
)
from manyi.distribution.opt_out_actions import opt_back_in, opt_out, opt_out_by_reply
from manyi.distribution.text_actions import preview, save_text, send_one_to_me, try_channel

__all__ = [
    "Invited",
    "Outcome",
    "assign_task",
    "close_open_link",
    "close_task",
    "create_invitations",
    "create_open_link",
    "create_open_links",
    "deliver_queued",
    "export_links",
    "field_link",
    "finish_call",
    "follow_up_by_phone",
    "keep_call",
    "next_call",
    "note_check",
    "opt_back_in",
    "opt_out",
    "opt_out_by_reply",
    "post_to_group",
    "preview",
    "queue_again",
    "queue_message",
    "remind",
    "reopen_task",
    "requeue",
    "save_call_plan",
    "save_script",
    "save_text",
    "send_one_to_me",
    "show_number",
    "try_channel",
    "undo_call",
    "undo_change",
]
