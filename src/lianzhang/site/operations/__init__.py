"""Keeping an installation: backup and restore, health, diagnosis, moving house, cleaning up."""
