"""Wait for a web process that was just started: browser tests, benchmarks and pictures do."""

from __future__ import annotations

import time
import urllib.request


def until_up(url: str, seconds: float = 30) -> None:
    """Return once the program answers there; TimeoutError after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310 (our own server)
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"the web process at {url} did not answer within {seconds:.0f} s")
