"""Deliveries of indicators."""
