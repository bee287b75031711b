"""The key file of the data directory: versioned secrets of 32 bytes, from which the keys of each purpose are derived."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lianzhang.kernel.crypto.errors import CryptoError, KeyMissing
from lianzhang.kernel.locks import turn


@dataclass(frozen=True)
class Key:
    """One version: its id, when it was made, for which back end, and its secret."""

    id: str
    made: str
    back_end: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id}, {self.back_end}, {self.made})"


def place() -> Path:
    """`LIANZHANG_KEYS`, else `keys.json` in the data directory."""
    return Path(settings.CRYPTO_KEYS) if settings.CRYPTO_KEYS else Path(settings.HOME) / "keys.json"


def all_keys() -> list[Key]:
    """Every key, oldest first; none while the file has not been made."""
    try:
        stamp = place().stat()
    except FileNotFoundError:
        return []
    return list(_read(str(place()), stamp.st_mtime_ns, stamp.st_ino))


def of(back_end: str) -> list[Key]:
    """The keys of a back end, the present one first; the first is drawn when there is none yet."""
    found = [k for k in all_keys() if k.back_end == back_end]
    if not found:
        draw(back_end, only_first=True)
        found = [k for k in all_keys() if k.back_end == back_end]
    return found[::-1]


def named(back_end: str, key: str) -> Key:
    """One key of a back end."""
    for found in all_keys():
        if found.id == key and found.back_end == back_end:
            return found
    raise KeyMissing(f"key {key} is not in {place()}: put back the key file that belongs to this database")


def draw(back_end: str, only_first: bool = False) -> Key | None:
    """Add a key of a back end. `only_first`: only when it has none (two processes that begin together agree on one)."""
    path = place()
    path.parent.mkdir(parents=True, exist_ok=True)
    with turn(path.with_suffix(".lock")):
        keys = all_keys()
        own = [k for k in keys if k.back_end == back_end]
        if own and only_first:
            return None
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        key = Key(
            f"{back_end[0]}{len(own) + 1}-{secrets.token_hex(3)}", moment, back_end, secrets.token_bytes(32)
        )
        _write(path, [*keys, key])
    return key


def _write(path: Path, keys: list[Key]) -> None:
    """Replace the file as a whole, durable, readable by its owner only."""
    rows = [{"id": k.id, "made": k.made, "back_end": k.back_end, "secret": k.secret.hex()} for k in keys]
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump({"format": 1, "keys": rows}, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)


@lru_cache(maxsize=4)
def _read(path: str, stamp: int, inode: int) -> tuple[Key, ...]:
    try:
        data = json.loads(Path(path).read_text())
        return tuple(Key(k["id"], k["made"], k["back_end"], bytes.fromhex(k["secret"])) for k in data["keys"])
    except (ValueError, KeyError, TypeError) as error:
        raise CryptoError(f"{path}: not a key file ({error}); put back its last copy") from None
