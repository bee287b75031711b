"""The demonstration city: load its files, make its people."""

from __future__ import annotations

import argparse


def register(commands: argparse._SubParsersAction) -> None:
    """The group `demo` belongs to the drawing command; loading joins it there."""
