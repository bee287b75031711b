"""The writes of the registry: keyword-only, one transaction, permission checked, an event left."""
