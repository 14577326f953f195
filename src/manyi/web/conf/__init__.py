"""Django's own configuration: settings, URL map, WSGI application."""
