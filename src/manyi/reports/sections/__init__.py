"""Parts of a report, one plug-in file each."""
