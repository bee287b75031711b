"""The refused rows, handed back in the kind of file they came in."""

from __future__ import annotations

