"""How an event and its personal part become digests."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from lianzhang.kernel import crypto
from lianzhang.kernel.models.event import Event

ERASED = "personal_erased"
"""The verb of an erasure; its data names the events whose personal part is gone."""


def canonical(value: Any) -> str:
    """JSON in one spelling."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(event: Event) -> str:
    """The event's digest by its own algorithm over the previous hash and the event's canonical JSON."""
    body: list[Any] = [
        event.subject, event.seq, event.at.astimezone(UTC).isoformat(timespec="microseconds"), event.actor_id,
        event.open_name, event.open_behalf, event.verb, event.data,
    ]  # fmt: skip
    if event.vault:
        body.append({"vault": event.vault})
    return crypto.digest(f"{event.prev}\n{canonical(body)}".encode(), event.algorithm)


def vault_digest(content: dict[str, Any], salt: str, algorithm: str) -> str:
    """What the event holds of its personal part."""
    return crypto.digest(f"{salt}\n{canonical(content)}".encode(), algorithm)
