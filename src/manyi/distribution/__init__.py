"""Invite: invitations, messages, reminders, opt-out, channels."""
