"""A byte of a kept file changes on the disk: the doctor names that file and no other, and all others are served (F13)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from world import World

from lianzhang.casework import services
from lianzhang.kernel import doctor
from lianzhang.kernel.imports import store
from lianzhang.kernel.imports.tests.bench import roster, upload
from lianzhang.kernel.scope import SYSTEM
from tally import case, drawn

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F13")]
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "first byte": lambda b: bytes([b[0] ^ 1]) + b[1:], "last byte": lambda b: b[:-1] + bytes([b[-1] ^ 0x80]),
    "some bit": lambda b: _flipped(b), "lost end": lambda b: b[: len(b) // 2], "empty": lambda b: b"",
    "zeros": lambda b: b[:4] + bytes(len(b) - 4), "something more": lambda b: b + b"\n",
}  # fmt: skip


def _flipped(content: bytes) -> bytes:
    chance, out = drawn("some bit"), bytearray(content)
    out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def served(client: Client, where: str) -> bytes:
    answer = client.get(where)
    assert answer.status_code == 200, where
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def named() -> list[str]:
    """What the doctor says of files."""
    told = [c for c in doctor.checks() if c.code == "files.altered"]
    assert len(told) == 1
    return list(told[0].find())


@pytest.fixture
def kept(world: World, client_of: Callable[[str], Client]) -> dict[str, Path]:
    """Address → file of everything that people can fetch: files at a matter, delivered files."""
    client, out = client_of("chain_office"), {}
    for n in range(3):
        file = services.attach(
            actor=SYSTEM, matter_id=world.a.matter.pk, name=f"{n}.txt", chunks=[b"file %d " % n * 50]
        )
        out[file.get_absolute_url()] = store.path_of(file.sha256)
    for n in range(2):
        row = upload(client, roster() + b"\n" * n, name=f"{n}.csv", run=False)
        out[reverse("imports:file", args=[row.pk])] = store.path_of(row.sha256)
    return out


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_damaged_file_is_named_and_the_rest_served(
    damage: str, kept: dict[str, Path], client_of: Callable[[str], Client], settings: Any
) -> None:
    client = Client()
    client.force_login(_office(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert named() == []
    for where, path in kept.items():
        case()
        whole = path.read_bytes()
        path.write_bytes(DAMAGES[damage](whole))
        assert named() == [path.relative_to(settings.HOME).as_posix()]
        for other, there in kept.items():
            if other != where:
                assert hashlib.sha256(served(client, other)).hexdigest() == there.name
        path.write_bytes(whole)
    assert named() == []


def _office() -> Any:
    from lianzhang.kernel.models import User

    return User.objects.get(username="chain_office-a")
