"""What every back end must do; the signing server is asked over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as properties
from hypothesis import strategies as st

from lianzhang.kernel import crypto
from lianzhang.kernel.crypto import Token
from lianzhang.kernel.crypto.tests.stub import signing_server


@pytest.fixture(params=crypto.BACK_ENDS)
def back_end(request: Any, settings: Any) -> Iterator[Any]:
    settings.CRYPTO = request.param
    if request.param == "device":
        settings.CRYPTO_DEVICE_TOKEN = "device-secret"
        with signing_server() as settings.CRYPTO_DEVICE:
            yield crypto.back_end()
    else:
        yield crypto.back_end()


@pytest.mark.parametrize("plain", [b"", b"a", "张三 13800001234".encode(), bytes(70_000)])
def test_what_was_sealed_opens_in_its_place_only(back_end: Any, plain: bytes) -> None:
    sealed = crypto.seal_bytes(plain, "person.phone:1")
    assert crypto.open_bytes(sealed, "person.phone:1") == plain
    assert len(plain) < 8 or plain not in Token.parse(sealed).value
    assert sealed != crypto.seal_bytes(plain, "person.phone:1")
    for other in ("person.phone:2", "person.name:1", "", "person.phone:1\0"):
        with pytest.raises(crypto.Unopenable):
            crypto.open_bytes(sealed, other)


def test_every_flipped_bit_is_found(back_end: Any) -> None:
    token = Token.parse(crypto.seal("13800001234", "c"))
    for place in range(len(token.value)):
        value = bytearray(token.value)
        value[place] ^= 1 << place % 8
        with pytest.raises(crypto.Unopenable):
            crypto.open(str(Token(token.algorithm, token.key, bytes(value))), "c")


def test_a_value_of_another_algorithm_or_key_does_not_open(back_end: Any) -> None:
    token = Token.parse(crypto.seal("x", "c"))
    later = back_end.rotate()
    with pytest.raises(crypto.CryptoError):
        crypto.open(str(Token(token.algorithm, later, token.value)), "c")
    with pytest.raises(crypto.KeyMissing):
        crypto.open(str(Token(token.algorithm, "nobody-1", token.value)), "c")
    with pytest.raises(crypto.Unopenable):
        crypto.open(crypto.mac("x", "c") if back_end.digest else "", "c")
    with pytest.raises(crypto.Unopenable):
        crypto.open("13800001234", "c")


def test_rotation_keeps_what_was_and_writes_with_the_new_key(back_end: Any) -> None:
    before, found, signed = crypto.seal("x", "c"), crypto.mac("x", "c"), crypto.sign(b"x")
    later = back_end.rotate()
    assert back_end.keys()[0] == later
    assert Token.parse(crypto.seal("x", "c")).key == later != Token.parse(before).key
    assert crypto.open(before, "c") == "x"
    assert crypto.verify(b"x", signed)
    assert crypto.mac("x", "c") != found
    assert set(crypto.macs("x", "c")) == {found, crypto.mac("x", "c")}


def test_macs_are_keyed_and_bound(back_end: Any) -> None:
    assert crypto.mac("x", "c") == crypto.mac("x", "c")
    assert len({crypto.mac("x", "c"), crypto.mac("x", "d"), crypto.mac("y", "c"), crypto.mac("xc", "")}) == 4


def test_signatures(back_end: Any) -> None:
    signed = crypto.sign(b"the day's root")
    assert crypto.verify(b"the day's root", signed)
    assert not crypto.verify(b"another root", signed)
    token = Token.parse(signed)
    assert not crypto.verify(b"the day's root", str(Token(token.algorithm, "nobody-1", token.value)))
    assert not crypto.verify(b"the day's root", "no signature")
    assert len(crypto.public_key(signed)) == (64 if token.algorithm == "ed25519" else 128)


def test_a_value_says_itself_what_made_it(settings: Any) -> None:
    settings.CRYPTO = "standard"
    old = crypto.seal("x", "c")
    settings.CRYPTO = "guomi"
    assert crypto.open(old, "c") == "x"
    assert crypto.seal("x", "c").startswith("lz1.sm4gcm.")


@given(text=st.text(), context=st.text(), name=st.sampled_from(["standard", "guomi"]))
def test_any_text_comes_back(text: str, context: str, name: str) -> None:
    try:
        text.encode(), context.encode()
    except UnicodeEncodeError:
        return
    with override_settings(CRYPTO=name):
        assert crypto.open(crypto.seal(text, context), context) == text


@properties(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.text(max_size=60))
def test_no_junk_opens(settings: Any, junk: str) -> None:
    for text in (junk, f"lz1.aes256gcm.s1.{junk}", f"lz1.{junk}.s1.AAAA"):
        with pytest.raises(crypto.CryptoError):
            crypto.open(text, "c")
