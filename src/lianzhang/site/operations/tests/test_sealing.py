"""A sealed stream opens whole or not at all."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianzhang.site.operations import sealing

SECRET = b"k" * 32


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


@settings(max_examples=60)
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


def test_another_key_does_not_open() -> None:
    with pytest.raises(sealing.NotOpened):
        opened(sealed(b"secret"), b"o" * 32)
