"""What every room may lean on and what knows no room: labels, plug-in registries, state machines.

Pure Python; imports nothing of Django and nothing of the rooms.
"""
