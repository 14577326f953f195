"""The people who read figures and write reports."""
