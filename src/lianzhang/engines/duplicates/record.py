"""What is compared of an enterprise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Record:
    """An enterprise as the comparison sees it. Empty text and None are unknown, never a difference.

    `former_codes`, `former_names`: what it was registered under before, as far as somebody delivered it.
    """

    id: int
    uscc: str
    name: str
    former_names: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = ()
    address: str = ""
    phone: str = ""
    legal_representative: str = ""
    established: date | None = None
    district: str = ""

    @property
    def organisation(self) -> str:
        """The organisation code inside the credit code (GB 32100-2015: places 9 to 17)."""
        return organisation_of(self.uscc)


def organisation_of(code: str) -> str:
    """Nine places of GB 11714 inside a credit code of 18; empty for anything else."""
    return code[8:17] if len(code) == 18 else ""
