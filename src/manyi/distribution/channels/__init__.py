"""Ways to reach a person, one plug-in file each."""
