"""The people who plan, read and report."""
