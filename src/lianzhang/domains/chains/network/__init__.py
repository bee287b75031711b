"""From the ledgers to the engine's network: drawn once as a snapshot of typed tables, then kept in memory."""
