"""The thin top: pages by audience, JSON API, command line, static files, Django settings."""
