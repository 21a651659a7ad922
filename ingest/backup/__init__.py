"""Copies of everything that a site keeps, into a folder, and the way back; docs/backup.md shows the folder."""
