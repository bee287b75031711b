"""A sealed stream opens whole or not at all."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianzhang.site.operations import sealing

SECRET = b"k" * 32
OLDER = bytes.fromhex(
    "4c5a5345414c310a"
    + "00" * 16
    + "00000021c9e7cd7f5edc9f3417541fc013a7cd4f7a7d11a760a327357b736af38919e35740"
)
"""What was sealed before there was a choice: AES-256-GCM, here with a salt of zeros."""


@pytest.fixture(params=["standard", "guomi", "device"], autouse=True)
def crypto(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test by every setting."""
    monkeypatch.setattr("django.conf.settings.CRYPTO", request.param)
    return str(request.param)


def sealed(data: bytes, chunk: int = 70_000) -> bytes:
    out = io.BytesIO()
    with sealing.Sealer(out, SECRET) as sealer:
        for start in range(0, len(data), chunk):
            sealer.write(data[start : start + chunk])
    return out.getvalue()


def opened(data: bytes, secret: bytes = SECRET) -> bytes:
    return io.BufferedReader(sealing.Opener(io.BytesIO(data), secret)).read()


@pytest.mark.parametrize(
    "size", [0, 1, sealing.PIECE - 1, sealing.PIECE, sealing.PIECE + 1, 2 * sealing.PIECE]
)
def test_what_is_sealed_comes_back(size: int) -> None:
    data = bytes(i % 251 for i in range(size))
    assert opened(sealed(data)) == data


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_altered_byte_passes(data: st.DataObject) -> None:
    original = sealed(b"x" * 3000)
    where = data.draw(st.integers(0, len(original) - 1))
    altered = bytearray(original)
    altered[where] ^= data.draw(st.integers(1, 255))
    with pytest.raises(sealing.NotOpened):
        opened(bytes(altered))


def test_pieces_cut_off_or_moved_are_found() -> None:
    whole = sealed(b"a" * sealing.PIECE + b"b" * sealing.PIECE + b"c")
    head, size = 24, 4 + sealing.PIECE + 16
    with pytest.raises(sealing.NotOpened):
        opened(whole[: head + 2 * size])
    with pytest.raises(sealing.NotOpened):
        opened(
            whole[:head]
            + whole[head + size : head + 2 * size]
            + whole[head : head + size]
            + whole[head + 2 * size :]
        )


@pytest.mark.parametrize("where", range(32))
def test_no_byte_of_the_head_passes_altered(where: int) -> None:
    """Magic, salt, the length of the first piece, also where it only says more than there is."""
    for bit in range(8):
        altered = bytearray(sealed(b"x" * 3000))
        altered[where] ^= 1 << bit
        with pytest.raises(sealing.NotOpened):
            opened(bytes(altered))


def test_what_is_put_behind_the_end_is_found() -> None:
    with pytest.raises(sealing.NotOpened):
        opened(sealed(b"x" * 3000) + b"y")


def test_another_key_does_not_open() -> None:
    with pytest.raises(sealing.NotOpened):
        opened(sealed(b"secret"), b"o" * 32)


def test_the_setting_says_by_what_is_sealed_and_all_of_them_open_what_was_sealed_before(crypto: str) -> None:
    assert sealed(b"x")[:8] == (sealing.AES if crypto == "standard" else sealing.SM4)
    assert opened(OLDER) == b"kept since before"


def test_sm4_opens_by_the_algorithm_alone() -> None:
    """Opened without our reader: HKDF-SM3, SM4-GCM (RFC 8998), nonce of piece 0 that is the last."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.hashes import SM3
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    data = sealed(b"figures")
    if data[:8] != sealing.SM4:
        return
    key = HKDF(SM3(), 16, data[8:24], b"lianzhang backup").derive(SECRET)
    body = data[28:]
    lock = Cipher(algorithms.SM4(key), modes.GCM(bytes(11) + b"\x01", body[-16:])).decryptor()
    assert lock.update(body[:-16]) + lock.finalize() == b"figures"
