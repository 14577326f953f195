"""The door to everything that writes in this room."""

from manyi.distribution.invitation_actions import Invited, create_invitations, export_links, remind
from manyi.distribution.messages import deliver_queued, queue_message, requeue
from manyi.distribution.open_link_actions import (
    close_open_link,
    create_open_link,
    create_open_links,
    post_to_group,
)
from manyi.distribution.opt_out_actions import opt_back_in, opt_out, opt_out_by_reply
from manyi.distribution.text_actions import preview, save_text, send_one_to_me, try_channel

__all__ = [
    "Invited",
    "close_open_link",
    "create_invitations",
    "create_open_link",
    "create_open_links",
    "deliver_queued",
    "export_links",
    "opt_back_in",
    "opt_out",
    "opt_out_by_reply",
    "post_to_group",
    "preview",
    "queue_message",
    "remind",
    "requeue",
    "save_text",
    "send_one_to_me",
    "try_channel",
]
