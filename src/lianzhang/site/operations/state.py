"""What operations remember between two commands: small JSON files in the data directory, readable without a database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from lianzhang.kernel.home import folder


def keep(name: str, **facts: Any) -> dict[str, Any]:
    """Write the facts under a name (`backup`, `drill`, …) with the wall's time; the old ones are replaced at once."""
    facts = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **facts}
    draft = folder("operations") / f"{name}.new"
    draft.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(folder("operations") / f"{name}.json")
    return facts


def kept(name: str) -> dict[str, Any] | None:
    """The facts last kept under the name; None when there are none (or they cannot be read)."""
    try:
        found: dict[str, Any] = json.loads(
            (folder("operations") / f"{name}.json").read_text(encoding="utf-8")
        )
        return found
    except (FileNotFoundError, ValueError):
        return None


def age(name: str) -> float | None:
    """Seconds since the facts were kept; None when there are none."""
    facts = kept(name)
    if facts is None:
        return None
    try:
        return (datetime.now(UTC) - datetime.fromisoformat(facts["at"])).total_seconds()
    except (KeyError, ValueError):
        return None
