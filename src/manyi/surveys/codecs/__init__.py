"""Readers and writers of questionnaire files."""
