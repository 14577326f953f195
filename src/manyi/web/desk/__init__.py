"""The people who handle cases, findings and calls."""
