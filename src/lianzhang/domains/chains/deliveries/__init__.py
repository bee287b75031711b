"""Deliveries about who buys what from whom: links inside the city and purchases from outside."""
