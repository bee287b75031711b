"""Reads of the chains; each starts at `visible_to`."""
