"""Report: sections, renderers, approval, publication."""
