"""Older ledgers of matters, taken over by delivery."""
