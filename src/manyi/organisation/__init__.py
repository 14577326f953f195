"""Units, staff, roles and access, calendar, settings, the Event log, attachments, files of rows."""
