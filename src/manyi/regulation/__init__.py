"""Regulation packs: what an organisation calls its 制度, as data."""
