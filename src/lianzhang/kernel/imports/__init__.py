"""Deliveries of files: read, preview, apply in one transaction, hand back what was refused, take back."""
