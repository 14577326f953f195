"""The respondent and the complainant: pages without login."""
