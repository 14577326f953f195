"""The JSON API: the same actions and the same access as the pages, for other programs of the organisation."""
