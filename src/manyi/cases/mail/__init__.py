"""Mail for the register: kept, read, judged, brought to its case."""
