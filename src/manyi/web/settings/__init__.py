"""The people who set the organisation up."""
