"""Chat and social posts for the register: signed, kept, read by a mapping, brought to their case."""
