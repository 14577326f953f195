"""The first minutes: what to do in an empty organisation, and the regulation packs to begin with."""
