"""The two neighbours of the contract tests, for what breaks."""

from __future__ import annotations

from contract.conftest import client_of, world

__all__ = ["client_of", "world"]
