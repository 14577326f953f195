"""Question types, one plug-in file each."""
