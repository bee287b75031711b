"""Files that others put into a folder are taken in by themselves: pickup/<source>/<dataset>/."""
