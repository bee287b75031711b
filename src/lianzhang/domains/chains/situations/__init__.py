"""Situations: a disruption is answered by a liaison at each enterprise hit (front) and an office behind him (rear)."""
