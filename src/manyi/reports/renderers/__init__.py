"""Forms that a report takes: web page, PDF, Word."""
