"""Sign-in services of the catalogue, and who their people are here."""
